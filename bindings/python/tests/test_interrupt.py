"""Ctrl-C, and other signals, during a login of the main thread."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable

import fresh_python

# Prints a line once the login is under way, in the main thread, as a log message tells.
SCRIPT = """
    import json, logging, signal, sys, threading, time, _thread

    class Tell(logging.Handler):
        def emit(self, record):
            if record.getMessage().startswith("addresses of"):
                assert threading.current_thread() is threading.main_thread()
                logging.getLogger("testpress").removeHandler(self)
                under_way()

    def under_way():
        print("under way", flush=True)

    logging.getLogger("testpress").addHandler(Tell())
    logging.getLogger("testpress").setLevel(logging.DEBUG)
    client = fault("accept-silent")
    good = fault("ok")
"""

LOG_IN = """
    try:
        client.login("testpress", "demo")
    except BaseException as error:
        print(json.dumps([time.monotonic(), type(error).__name__]), flush=True)
    print(good.login("testpress", "demo").username)
"""


def ended_within(script: str, seconds: float, interrupt: Callable[[subprocess.Popen[str]], None]) -> str:
    """What the login raised; the best of some tries counts, as the machine may be busy."""
    times = []
    for _ in range(5):
        process = fresh_python.start(script)
        assert process.stdout.readline() == "under way\n"
        begun = time.monotonic()
        interrupt(process)
        answer = process.communicate(timeout=60)
        assert (process.returncode, answer[1]) == (0, "")
        raised, after = answer[0].splitlines()
        assert after == "ada", "the next login works"
        ended, name = json.loads(raised)
        times.append(ended - begun)
        if times[-1] <= seconds:
            return name
    raise AssertionError(f"took {times} s")


def test_ctrl_c_ends_a_login_within_300_ms() -> None:
    interrupt = lambda process: process.send_signal(signal.SIGINT)  # noqa: E731
    assert ended_within(SCRIPT + LOG_IN, 0.3, interrupt) == "KeyboardInterrupt"


def test_a_handler_that_raises_ends_it_too() -> None:
    handler = """
    class TooLong(Exception): pass
    def alarm(*_): raise TooLong
    signal.signal(signal.SIGTERM, alarm)
    """
    interrupt = lambda process: process.send_signal(signal.SIGTERM)  # noqa: E731
    assert ended_within(SCRIPT + handler + LOG_IN, 0.3, interrupt) == "TooLong"


def test_interrupt_main_of_another_thread() -> None:
    """Wakes nobody by itself: Jupyter and debuggers use it."""
    stop = """
    def under_way():
        print("under way", flush=True)
        threading.Thread(target=_thread.interrupt_main).start()
    """
    assert ended_within(SCRIPT + stop + LOG_IN, 0.3, lambda process: None) == "KeyboardInterrupt"


def test_a_handler_that_returns_does_not_disturb() -> None:
    storm = """
    count = 0
    def tick(*_):
        global count
        count += 1
    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    begun = time.monotonic()
    try:
        client.login("testpress", "demo", timeout=0.5)
    except testpress.TimeoutError:
        elapsed = time.monotonic() - begun
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(count > 10, 0.4 < elapsed < 3)
    """
    assert fresh_python.output(SCRIPT + storm).splitlines() == ["under way", "True True"]


def test_ctrl_c_while_a_thread_logs_in_ends_the_main_thread_only() -> None:
    both = """
    outcomes = []
    def log_in():
        try:
            client.login("testpress", "demo", timeout=1)
        except testpress.TestpressError as error:
            outcomes.append(type(error).__name__)
    Tell.emit = lambda *_: None
    other = threading.Thread(target=log_in)
    other.start()
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        client.login("testpress", "demo", timeout=20)
    except KeyboardInterrupt:
        outcomes.append("interrupted")
    other.join()
    print(outcomes)
    """
    assert fresh_python.output(SCRIPT + both) == "['interrupted', 'TimeoutError']"


def test_a_second_ctrl_c_gets_through_as_well() -> None:
    twice = """
    class Stubborn(logging.Handler):
        def emit(self, record):
            os.kill(os.getpid(), signal.SIGINT)
    logging.getLogger("testpress").addHandler(Stubborn())
    try:
        client.login("testpress", "demo")
    except KeyboardInterrupt as error:
        print("interrupted", flush=True)
    """
    printed = fresh_python.output(SCRIPT + twice)
    assert printed.endswith("interrupted")


def test_without_a_handler_the_process_ends_as_python_does() -> None:
    process = fresh_python.start(SCRIPT + "\n    client.login('testpress', 'demo')\n")
    assert process.stdout.readline() == "under way\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert errors.rstrip().endswith("KeyboardInterrupt")


def test_without_a_thread_it_is_a_login_all_the_same() -> None:
    script = """
    from testpress import _threads
    def refuse(*_):
        raise RuntimeError("can't start new thread")
    _threads.start_new_thread = refuse
    print(good.login("testpress", "demo").username)
    """
    assert fresh_python.output(SCRIPT + script) == "under way\nada"
