"""Sessions of many processes: the file store, forks, interrupts, gevent, the end of the interpreter."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

import fresh_python
import testpress
from bad_server import Faults
from login_site import LoginSite
from test_interrupt import ended_within

# Python 3.12 and newer warn of forks beside threads: that is just what is tried here.
QUIET = {"PYTHONWARNINGS": "ignore"}

SESSION = """
    def session(**options):
        client = testpress.Client(os.environ["SITE"], proxy="none", **options)
        return testpress.Session(client, "ada", "demo")
"""


def output(site: LoginSite, script: str, **changes: str) -> str:
    return fresh_python.output(SESSION + script, SITE=site.origin, **QUIET, **changes)


def test_a_stored_token_serves_another_process_without_a_connection(site: LoginSite, store: str) -> None:
    token = site.session(store=store).token()
    printed = output(site, f"    print(session(store={store!r}).token().jwt)")
    assert printed == token.jwt
    assert site.connections == 1


def test_store_file_is_the_users_own_directory(site: LoginSite, tmp_path: Path) -> None:
    script = "    print(session(store='file').token().jwt)"
    home = {"XDG_RUNTIME_DIR": "", "XDG_CACHE_HOME": "", "HOME": str(tmp_path)}
    assert output(site, script, **home) == output(site, script, **home)
    assert len(site.logins) == 1
    directory = tmp_path / ".cache/testpress"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.iterdir()} == {0o600}


def test_a_store_keeps_no_password_and_no_user(site: LoginSite, store: str, tmp_path: Path) -> None:
    client = site.client(store=store)
    testpress.Session(client, "ada.lovelace@example.com", "c4n4ry").token()
    files = list((tmp_path / "store").iterdir())
    assert len(files) >= 2
    for file in files:
        text = file.name + file.read_text()
        assert not any(part in text for part in ("c4n4ry", "lovelace", "127.0.0.1"))


def test_20_processes_that_start_together_make_one_login(site: LoginSite, store: str) -> None:
    site.gate.clear()
    script = (
        SESSION
        + f"""
    import sys
    print("ready", flush=True)
    sys.stdin.readline()
    print(session(store={store!r}).token().jwt)
    """
    )
    children = [fresh_python.start(script, SITE=site.origin) for _ in range(20)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    site.arrived.acquire()
    site.gate.set()
    outcomes = [child.communicate(timeout=60) for child in children]
    assert {errors for _, errors in outcomes} == {""}
    assert [printed.strip() for printed, _ in outcomes] == [site.logins[0]] * 20
    assert len(site.logins) == 1


def test_a_refusal_is_stored(faults: Faults, store: str) -> None:
    session = testpress.Session(faults.client("rejected", store=store), "ada", "demo")
    with pytest.raises(testpress.RejectedError):
        session.token()
    script = f"""
    try:
        testpress.Session(fault("rejected", store={store!r}), "ada", "demo").token()
    except testpress.RejectedError as error:
        print(error.request_sent, 0 < error.retry_after <= 60)
    """
    assert fresh_python.output(script) == "False True"


def test_a_store_that_is_of_no_use_is_passed_over(
    site: LoginSite, tmp_path: Path, debug_log: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "store").write_text("a file")
    session = site.session(store=f"file:{tmp_path / 'store'}")
    assert session.token().jwt == session.token().jwt
    assert len(site.logins) == 1
    assert any("store" in record.message for record in debug_log.records if record.levelname == "WARNING")


FORK = """
    import threading
    def in_child(action):
        child = os.fork()
        if child == 0:
            try:
                print(action(), flush=True)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
"""


def test_a_child_has_its_parents_token(site: LoginSite) -> None:
    script = """
    session = session()
    print(session.token().jwt, flush=True)
    for _ in range(3):
        in_child(lambda: session.token().jwt)
    """
    assert output(site, FORK + script).split() == [site.logins[0]] * 4
    assert len(site.logins) == 1


def test_children_of_a_session_that_was_not_asked_yet_share_a_login_through_the_store(
    site: LoginSite, store: str
) -> None:
    script = f"""
    session = session(store={store!r})
    for _ in range(4):
        in_child(lambda: session.token().jwt)
    print(session.token().jwt)
    """
    assert output(site, FORK + script).split() == [site.logins[0]] * 5


def test_a_fork_while_a_thread_logs_in(site: LoginSite) -> None:
    """The parent's login is none of the child's, which makes its own; the parent goes on."""
    script = """
    import logging
    under_way = threading.Event()
    class Tell(logging.Handler):
        def emit(self, record): under_way.set()
    logging.getLogger("testpress").addHandler(Tell())
    logging.getLogger("testpress").setLevel(logging.DEBUG)
    session = session()
    results = []
    thread = threading.Thread(target=lambda: results.append(session.token().username))
    thread.start()
    assert under_way.wait(20)
    in_child(lambda: session.token().username)
    thread.join()
    print(results)
    """
    assert output(site, FORK + script).split() == ["ada", "['ada']"]


WAITING = """
    import json, logging, signal, threading, time

    led = threading.Event()

    class Tell(logging.Handler):
        def emit(self, record):
            if record.getMessage().startswith("addresses of"):
                led.set()

    logging.getLogger("testpress").addHandler(Tell())
    logging.getLogger("testpress").setLevel(logging.DEBUG)
    silent = testpress.Session(fault("accept-silent"), "testpress", "demo")
"""


def test_ctrl_c_while_another_thread_logs_in() -> None:
    """It ends the wait of the main thread only."""
    script = """
    call = testpress.Call()
    def lead():
        try:
            silent.token(call=call)
        except testpress.CancelledError:
            pass
    leader = threading.Thread(target=lead)
    leader.start()
    assert led.wait(20)
    try:
        print("under way", flush=True)
        silent.token()
    except BaseException as error:
        print(json.dumps([time.monotonic(), type(error).__name__]), flush=True)
    assert leader.is_alive()
    call.cancel()
    leader.join()
    print(testpress.Session(fault("ok"), "testpress", "demo").token().username)
    """
    interrupt = lambda process: process.send_signal(signal.SIGINT)  # noqa: E731
    assert ended_within(WAITING + script, 0.3, interrupt) == "KeyboardInterrupt"


def test_daemon_threads_that_wait_do_not_delay_the_end() -> None:
    script = """
    for _ in range(4):
        threading.Thread(target=silent.token, daemon=True).start()
    assert led.wait(20)
    print("end")
    """
    assert fresh_python.output(WAITING + script) == "end"


def test_a_log_handler_that_asks_its_own_session() -> None:
    """In the main thread a worker logs in meanwhile; in another it is an error, which the log keeps to itself."""
    script = """
    session = testpress.Session(fault("ok"), "testpress", "demo")
    class Ask(logging.Handler):
        def emit(self, record):
            logging.getLogger("testpress").removeHandler(self)
            session.token(timeout=10)
    for _ in range(2):
        logging.getLogger("testpress").addHandler(Ask())
        print(session.token().username)
        session = testpress.Session(fault("ok"), "testpress", "demo-2")
    thread = threading.Thread(target=lambda: print(session.token().username))
    logging.getLogger("testpress").addHandler(Ask())
    thread.start()
    thread.join()
    """
    assert fresh_python.output(WAITING + script).split() == ["ada"] * 3


def test_greenlets_make_one_login(site: LoginSite) -> None:
    pytest.importorskip("gevent")
    script = """
    import gevent
    session = session()
    asking = [gevent.spawn(lambda: session.token().jwt) for _ in range(20)]
    print({greenlet.get() for greenlet in asking} == {session.token().jwt})
    stalled = gevent.spawn(testpress.Session(fault("accept-silent"), "testpress", "demo").token)
    gevent.sleep(0.05)
    stalled.kill()
    print(isinstance(stalled.value, gevent.GreenletExit))
    """
    prelude = "from gevent import monkey; monkey.patch_all()\n" + fresh_python.PRELUDE
    lines = fresh_python.output(SESSION + script, prelude, SITE=site.origin, **QUIET).splitlines()
    assert lines == ["True", "True"]
    assert len(site.logins) == 1
