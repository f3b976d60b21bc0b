"""Forked children: with handles of the parent, while its threads log in, with workers that are not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fresh_python

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")

# Python 3.12 and newer warn of forks beside threads: that is just what is tried here.
QUIET = {"PYTHONWARNINGS": "ignore::DeprecationWarning"}

FORK = """
    import threading, time

    def in_child(action):
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if action() == "ada" else 3)
            except BaseException as error:
                print(repr(error), flush=True)
                os._exit(4)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        os.kill(child, 9)
        return "hung"

    client = fault("ok")
    log_in = lambda: client.login("testpress", "demo").username
"""


def test_a_child_uses_what_it_inherited() -> None:
    script = """
    token = client.login("testpress", "demo")
    call = testpress.Call(timeout=10)
    print(in_child(log_in))
    print(in_child(lambda: token.username))
    print(in_child(lambda: client.login("testpress", "demo", call=call).username))
    print(in_child(lambda: fault("ok").login("testpress", "demo").username))
    print(log_in())
    """
    assert fresh_python.output(FORK + script, **QUIET).split() == ["0", "0", "0", "0", "ada"]


def test_a_child_and_its_parent_close_on_their_own() -> None:
    script = """
    token = client.login("testpress", "demo")
    def close():
        client.close()
        token.close()
        return "ada"
    print(in_child(close), token.username, log_in())
    """
    assert fresh_python.output(FORK + script, **QUIET) == "0 ada ada"


def test_forks_while_threads_log_in() -> None:
    script = """
    stop = threading.Event()
    def work():
        while not stop.is_set():
            log_in()
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads: thread.start()
    results = {in_child(log_in) for _ in range(40)}
    stop.set()
    for thread in threads: thread.join()
    print(results)
    """
    assert fresh_python.output(FORK + script, **QUIET) == "{0}"


def test_a_fork_from_a_thread() -> None:
    """The thread that forks is the child's main thread."""
    script = """
    log_in()
    results = []
    thread = threading.Thread(target=lambda: results.append(in_child(log_in)))
    thread.start()
    thread.join()
    print(results)
    """
    assert fresh_python.output(FORK + script, **QUIET) == "[0]"


def test_a_handler_that_forks_during_a_login() -> None:
    """The child has no thread that makes the call: it is told, instead of waiting for ever."""
    script = """
    import signal
    silent = fault("silent-after-request", timeout_ms=1000)
    children = []
    signal.signal(signal.SIGALRM, lambda *_: children.append(os.fork()))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        silent.login("testpress", "demo")
    except testpress.TestpressError as error:
        if children == [0]:
            os._exit(0 if isinstance(error, testpress.CancelledError) and log_in() == "ada" else 3)
        print(type(error).__name__, os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]))
    """
    assert fresh_python.output(FORK + script, **QUIET) == "TimeoutError 0"


MULTIPROCESSING = """
import multiprocessing, sys

client = fault("ok")

def log_in(password):
    return client.login("testpress", password).username

def fail(_):
    fault("throttled").login("testpress", "demo")

if __name__ == "__main__":
    client.login("testpress", "demo")
    with multiprocessing.get_context(sys.argv[1]).Pool(3) as pool:
        print(pool.map(log_in, ["demo"] * 12) == ["ada"] * 12)
        try:
            pool.apply(fail, [0])
        except testpress.ThrottledError as error:
            print(error.retry_after)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(method: str, tmp_path: Path) -> None:
    """A child's error comes home whole."""
    program = tmp_path / "program.py"
    program.write_text(fresh_python.PRELUDE + MULTIPROCESSING)
    done = subprocess.run(
        [sys.executable, program, method],
        env=fresh_python.environment(**QUIET),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout.split(), done.stderr) == (["True", "60"], "")
