"""The logger "testpress"."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Iterator

import pytest

import fresh_python
import testpress
from bad_server import Faults

logger = logging.getLogger("testpress")


@pytest.fixture
def handler() -> Iterator[logging.Handler]:
    """One whose `emit` a test replaces; everything is logged."""
    handler = logging.Handler()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def test_levels(faults: Faults, debug_log: pytest.LogCaptureFixture) -> None:
    with faults.client("ok") as client:
        client.login("testpress", "demo")
    with faults.client("rejected") as client, pytest.raises(testpress.RejectedError):
        client.login("testpress", "demo")
    levels = {record.levelname: record.getMessage() for record in debug_log.records}
    assert set(levels) == {"DEBUG", "INFO", "WARNING"}
    assert "TP_E_REJECTED" in levels["WARNING"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [(logging.INFO, {"INFO", "WARNING"}), (logging.WARNING, {"WARNING"}), (logging.CRITICAL, set())],
)
def test_the_librarys_level_is_the_loggers(
    faults: Faults, handler: logging.Handler, level: int, expected: set[str]
) -> None:
    seen = set()
    handler.emit = lambda record: seen.add(record.levelname)
    logger.setLevel(level)
    client = faults.client("rejected")
    # It counted when the client was made: what the library was not asked for does not come.
    logger.setLevel(logging.DEBUG)
    with pytest.raises(testpress.RejectedError):
        client.login("testpress", "demo")
    assert seen == expected


def test_nothing_is_printed_unless_asked_for() -> None:
    script = """
    try:
        fault("rejected").login("testpress", "demo")
    except testpress.RejectedError:
        print("rejected")
    """
    done = fresh_python.run(script)
    # With no handler anywhere logging would print warnings to stderr, were it not for the NullHandler.
    assert (done.stdout, done.stderr) == ("rejected\n", "")


class Unforeseen(Exception):
    pass


@pytest.mark.parametrize("error", [Unforeseen("no"), RecursionError()])
def test_a_handler_that_raises_disturbs_no_login(
    faults: Faults, handler: logging.Handler, error: Exception, capfd: pytest.CaptureFixture[str]
) -> None:
    count = []

    def emit(record: logging.LogRecord) -> None:
        count.append(record)
        raise error

    handler.emit = emit
    with faults.client("ok") as client:
        assert client.login("testpress", "demo").username == "ada"
        in_a_thread(lambda: count.append(client.login("testpress", "demo").username))
    assert "ada" in count
    assert capfd.readouterr().err == ""


def test_an_exit_in_a_thread_does_not_cross_native_code(faults: Faults, handler: logging.Handler) -> None:
    def emit(record: logging.LogRecord) -> None:
        raise SystemExit(3)

    handler.emit = emit
    names = []
    with faults.client("ok") as client:
        in_a_thread(lambda: names.append(client.login("testpress", "demo").username))
    assert names == ["ada"]


def test_an_exit_in_the_main_thread_ends_the_login_and_goes_on(faults: Faults, handler: logging.Handler) -> None:
    def emit(record: logging.LogRecord) -> None:
        raise SystemExit(3)

    handler.emit = emit
    with faults.client("accept-silent") as client, pytest.raises(SystemExit):
        client.login("testpress", "demo")


def test_records_are_made_by_the_thread_and_in_the_context_of_the_caller(
    faults: Faults, handler: logging.Handler
) -> None:
    request = contextvars.ContextVar("request", default="none")
    seen = set()
    handler.emit = lambda record: seen.add((record.threadName, request.get()))

    def log_in(name: str) -> None:
        request.set(name)
        client.login("testpress", "demo")

    with faults.client("ok") as client:
        contextvars.copy_context().run(log_in, "main")
        thread = threading.Thread(target=log_in, args=("other",), name="a thread")
        thread.start()
        thread.join()
    assert seen == {(threading.current_thread().name, "main"), ("a thread", "other")}


def test_a_handler_may_log_in_itself(faults: Faults, handler: logging.Handler) -> None:
    """Its lock is held meanwhile, and the inner login has messages for it, too."""
    names = []

    def emit(record: logging.LogRecord) -> None:
        if not names:
            names.append("")
            names.append(client.login("testpress", "demo").username)

    handler.emit = emit
    with faults.client("ok") as client:
        client.login("testpress", "demo")
        assert names == ["", "ada"]
        names.clear()
        in_a_thread(lambda: client.login("testpress", "demo"))
        assert names == ["", "ada"]


def test_a_percent_sign_is_no_placeholder(handler: logging.Handler) -> None:
    seen: list[str] = []
    handler.emit = lambda record: seen.append(record.getMessage())
    client = testpress.Client("http://[::1]:1", retries=0, user_agent="%s %d")
    with client, pytest.raises(testpress.ConnectError):
        client.login("100%s", "50%d")
    assert any("::1" in text for text in seen)


def in_a_thread(action: object) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()
