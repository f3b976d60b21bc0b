"""The library under valgrind, called from Python: no invalid access, and everything freed."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import fresh_python

SCRIPT = """
    import gc, logging, threading
    logging.getLogger("testpress").setLevel(logging.DEBUG)

    def every_kind_of_end():
        with fault("ok") as client:
            token = client.login("testpress", "demo")
            token.claims, token.header, token.expires_at
            session = testpress.Session(client, "testpress", "demo")
        session.reject(session.token())
        session.token().close()
        session.close()
        try:
            testpress.Session(fault("rejected"), "testpress", "demo").token()
        except testpress.RejectedError:
            pass
        for name in ("rejected", "captive-portal", "close-before-answer"):
            try:
                fault(name).login("testpress", "demo", timeout=20)
            except testpress.TestpressError as error:
                error.field_errors
        call = testpress.Call()
        call.cancel()
        try:
            fault("accept-silent").login("testpress", "demo", call=call)
        except testpress.CancelledError:
            pass
        try:
            testpress.Client("demo", no_such_option=1)
        except testpress.InvalidArgumentError:
            pass
        testpress.Token.from_jwt("demo", "abc").close()

    for _ in range(3):
        every_kind_of_end()
        thread = threading.Thread(target=every_kind_of_end)
        thread.start()
        thread.join()
    gc.collect()
    print("done")
"""


# Not what is uninitialised: the suite of C looks for that, and knows which complaints are valgrind's own.
OPTIONS = ["-q", "--undef-value-errors=no", "--leak-check=full", "--show-leak-kinds=definite"]


pytestmark = pytest.mark.skipif(not shutil.which("valgrind"), reason="needs valgrind")


def test_no_error_and_no_leak_in_the_library(tmp_path: Path) -> None:
    assert complaints(SCRIPT, tmp_path) == []


def test_a_planted_leak_is_found(tmp_path: Path) -> None:
    script = """
    from testpress._handle import Handle
    Handle.__del__ = lambda self: None
    testpress.Token.from_jwt("demo", "abc")
    print("done")
    """
    assert any("Leak" in complaint for complaint in complaints(script, tmp_path))


def complaints(script: str, tmp_path: Path) -> list[str]:
    report = tmp_path / "valgrind.xml"
    done = subprocess.run(
        ["valgrind", *OPTIONS, "--xml=yes", f"--xml-file={report}", *fresh_python.command(script)],
        env=fresh_python.environment(PYTHONMALLOC="malloc"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout == "done\n", done.stderr
    return [describe(error) for error in ElementTree.parse(report).iter("error") if in_library(error)]


def in_library(error: ElementTree.Element) -> bool:
    return any("libtestpress" in (frame.findtext("obj") or "") for frame in error.iter("frame"))


def describe(error: ElementTree.Element) -> str:
    frames = [frame.findtext("fn") or frame.findtext("obj") or "?" for frame in error.iter("frame")]
    return f"{error.findtext('kind')}: {' < '.join(frames)}"
