"""gevent: a login stops its greenlet only. Each in a process of its own, as patching can't be undone."""

from __future__ import annotations

import signal

import pytest

import fresh_python

pytest.importorskip("gevent")

PATCHED = "from gevent import monkey; monkey.patch_all()\n" + fresh_python.PRELUDE
PATCHED_LATE = fresh_python.PRELUDE + "from gevent import monkey; monkey.patch_all()\n"

BOTH = pytest.mark.parametrize("prelude", [PATCHED, PATCHED_LATE], ids=["patched", "patched-after-import"])

# An import of ours before the patch is a warning of gevent's about other modules at most.
QUIET = {"PYTHONWARNINGS": "ignore"}


@BOTH
def test_other_greenlets_go_on(prelude: str) -> None:
    script = """
    import gevent
    call = testpress.Call(timeout=30)
    good, silent = fault("ok"), fault("accept-silent")
    def log_in():
        try:
            silent.login("testpress", "demo", call=call)
        except testpress.CancelledError:
            return "cancelled"
    stalled = [gevent.spawn(log_in) for _ in range(20)]
    gevent.sleep(0.05)
    print(good.login("testpress", "demo").username)
    call.cancel()
    print({greenlet.get() for greenlet in stalled})
    """
    assert fresh_python.output(script, prelude, **QUIET).splitlines() == ["ada", "{'cancelled'}"]


@BOTH
def test_a_greenlet_that_is_killed_cancels_its_login(prelude: str) -> None:
    script = """
    import gevent, logging, time
    logging.getLogger("testpress").setLevel(logging.INFO)
    class Tell(logging.Handler):
        def emit(self, record): print(record.levelname, "CANCELLED" in record.getMessage())
    logging.getLogger("testpress").addHandler(Tell())
    silent = fault("accept-silent")
    greenlet = gevent.spawn(silent.login, "testpress", "demo")
    gevent.sleep(0.1)
    begun = time.monotonic()
    greenlet.kill()
    print(time.monotonic() - begun < 2)
    try:
        with gevent.Timeout(0.1):
            silent.login("testpress", "demo")
    except gevent.Timeout:
        print("timed out")
    """
    lines = fresh_python.output(script, prelude, **QUIET).splitlines()
    assert lines == ["INFO False", "WARNING True", "True", "INFO False", "WARNING True", "timed out"]


@BOTH
def test_ctrl_c(prelude: str) -> None:
    script = """
    import logging
    logging.getLogger("testpress").setLevel(logging.DEBUG)
    class Tell(logging.Handler):
        def emit(self, record): print(record.getMessage().startswith("addresses of"), flush=True)
    logging.getLogger("testpress").addHandler(Tell())
    try:
        fault("accept-silent").login("testpress", "demo")
    except KeyboardInterrupt:
        print("interrupted")
    """
    process = fresh_python.start(script, prelude, **QUIET)
    while process.stdout.readline() != "True\n":
        pass
    process.send_signal(signal.SIGINT)
    printed, errors = process.communicate(timeout=60)
    # gevent itself reports the interrupt on stderr.
    assert (process.returncode, printed.splitlines()[-1]) == (0, "interrupted"), errors


def test_threads_of_gevents_pool() -> None:
    script = """
    import gevent
    client = fault("ok")
    pool = gevent.get_hub().threadpool
    print({pool.apply(lambda: client.login("testpress", "demo").username) for _ in range(5)})
    """
    assert fresh_python.output(script, PATCHED, **QUIET) == "{'ada'}"


def test_forked_children_of_a_patched_process() -> None:
    script = """
    client = fault("ok")
    client.login("testpress", "demo")
    child = os.fork()
    if child == 0:
        os._exit(0 if client.login("testpress", "demo").username == "ada" else 3)
    print(os.waitpid(child, 0)[1], client.login("testpress", "demo").username)
    """
    assert fresh_python.output(script, PATCHED, **QUIET) == "0 ada"
