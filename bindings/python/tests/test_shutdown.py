"""The end of the interpreter: no hang, no crash, nothing on stderr."""

from __future__ import annotations

import pytest

import fresh_python

LOG_EVERYTHING = """
    import atexit, logging, sys, threading, time
    class Count(logging.Handler):
        def emit(self, record): pass
    logging.getLogger("testpress").addHandler(Count())
    logging.getLogger("testpress").setLevel(logging.DEBUG)
"""


@pytest.mark.parametrize("attempt", range(3))
def test_daemon_threads_that_log_in(attempt: int) -> None:
    """They are inside native code, with log messages to deliver, when Python goes away."""
    script = """
    messages = threading.Semaphore(0)
    Count.emit = lambda self, record: messages.release()
    def work():
        client = testpress.Client("http://127.0.0.1:1", retries=10)
        while True:
            try:
                client.login("testpress", "demo")
            except testpress.TestpressError:
                pass
    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    for _ in range(30):
        messages.acquire()
    print("end")
    """
    assert fresh_python.output(LOG_EVERYTHING + script) == "end"


def test_a_daemon_thread_in_a_stalled_login_does_not_delay_the_end() -> None:
    script = """
    client = fault("accept-silent", timeout_ms=600_000)
    under_way = threading.Event()
    Count.emit = lambda self, record: under_way.set()
    threading.Thread(target=lambda: client.login("testpress", "demo"), daemon=True).start()
    under_way.wait()
    print("end")
    """
    assert fresh_python.output(LOG_EVERYTHING + script) == "end"


def test_idle_workers_hold_nothing_up() -> None:
    assert fresh_python.output("print(fault('ok').login('testpress', 'demo').username)") == "ada"


@pytest.mark.parametrize("place", ["atexit.register(log_in)", "threading._register_atexit(log_in)"])
def test_a_login_at_exit(place: str) -> None:
    """Python 3.12 and newer start no threads any more then."""
    script = f"""
    import atexit, threading
    client = fault("ok")
    def log_in():
        print(client.login("testpress", "demo").username)
    {place}
    """
    assert fresh_python.output(script) == "ada"


def test_a_login_at_exit_after_ours() -> None:
    script = """
import atexit, os
def log_in():
    print(client.login("testpress", "demo").username)
atexit.register(log_in)
"""
    assert fresh_python.output("client = fault('ok')", script + fresh_python.PRELUDE) == "ada"


def test_handles_in_globals_and_cycles() -> None:
    script = """
    import sys
    client = fault("ok")
    token = client.login("testpress", "demo")
    call = testpress.Call()
    class Knot: pass
    knot = Knot()
    knot.self, knot.handles = knot, (client, token, call, fault("ok"))
    sys.modules["__main__"].keep = knot
    testpress.keep = knot
    print(token.username)
    """
    assert fresh_python.output(script) == "ada"


def test_a_finalizer_that_logs_in() -> None:
    script = """
    class Last:
        def __init__(self): self.client, self.print = fault("ok"), print
        def __del__(self):
            self.print(self.client.login("testpress", "demo").username)
    last = Last()
    """
    assert fresh_python.output(script) == "ada"
