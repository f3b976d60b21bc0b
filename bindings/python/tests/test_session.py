"""Sessions: one login for all who want a token, and when there is another."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import testpress
from bad_server import Faults
from login_site import LoginSite


def in_threads(count: int, action: Callable[[], object]) -> list[object]:
    """What came of it, or the error, in so many threads that start together."""
    outcomes: list[object] = []
    start = threading.Barrier(count)

    def act() -> None:
        start.wait()
        try:
            outcomes.append(action())
        except Exception as error:
            outcomes.append(error)

    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_it_logs_in_when_a_token_is_first_asked_for(site: LoginSite) -> None:
    with testpress.Session(site.client(), "ada", "demo") as session:
        assert (session.origin, site.connections) == (site.origin, 0)
        token = session.token()
        assert (token.username, token.origin, token.jwt) == ("ada", site.origin, site.logins[0])
        assert session.authorization() == token.authorization
        assert session.token().jwt == token.jwt
    assert len(site.logins) == 1


def test_a_real_institute(institute: str) -> None:
    with testpress.Client(institute) as client:
        session = testpress.Session(client, "testpress", "demo")
    assert session.token().username == "testpress"
    assert session.token().jwt == session.token(timeout=5).jwt


def test_200_threads_make_one_login(site: LoginSite) -> None:
    session = site.session()
    site.gate.clear()
    opener = threading.Thread(target=lambda: site.arrived.acquire() and site.gate.set())
    opener.start()
    outcomes = in_threads(200, lambda: session.token().jwt)
    opener.join()
    assert outcomes == [site.logins[0]] * 200
    assert len(site.logins) == 1


def test_threads_and_the_main_thread_wait_for_the_same_login(faults: Faults) -> None:
    session = testpress.Session(faults.client("thinks-300ms"), "ada", "demo")
    with ThreadPoolExecutor(8) as pool:
        others = [pool.submit(session.token) for _ in range(8)]
        token = session.token()
        assert {other.result().jwt for other in others} == {token.jwt}


def test_sessions_of_the_same_user_share_a_token(site: LoginSite) -> None:
    first, second = site.session(), site.session()
    assert first.token().jwt == second.token().jwt
    assert len(site.logins) == 1
    assert site.session("another").token().jwt != first.token().jwt
    assert len(site.logins) == 2


def test_the_client_may_be_closed_before(site: LoginSite) -> None:
    with site.client() as client:
        session = testpress.Session(client, "ada", "demo")
    assert session.token().username == "ada"


def test_tokens_outlive_their_session(site: LoginSite) -> None:
    with site.session() as session:
        token = session.token()
    assert token.jwt == site.logins[0]
    token.close()


def test_closing_a_token_is_no_ones_affair(site: LoginSite) -> None:
    session = site.session()
    session.token().close()
    assert session.token().username == "ada"


def test_a_rejected_token_is_replaced_once(site: LoginSite) -> None:
    session = site.session()
    old = session.token()

    def reject_and_ask() -> str:
        session.reject(old)
        return session.token().jwt

    outcomes = in_threads(20, reject_and_ask)
    assert len(site.logins) == 2
    assert outcomes == [site.logins[1]] * 20


def test_a_token_that_was_kept_elsewhere_can_be_rejected(site: LoginSite) -> None:
    session = site.session()
    session.reject(testpress.Token.from_jwt(site.origin, "another"))
    kept = testpress.Token.from_jwt(site.origin, session.token().jwt)
    assert len(site.logins) == 1
    session.reject(kept)
    assert session.token().jwt == site.logins[1] != kept.jwt


def test_after_two_rejected_tokens_the_newest_is_kept(site: LoginSite) -> None:
    session = site.session()
    session.reject(session.token())
    for _ in range(3):
        newest = session.token()
        session.reject(newest)
        assert session.token().jwt == newest.jwt == site.logins[1]
    assert len(site.logins) == 2


def test_a_store_that_can_be_used_passes_its_check(site: LoginSite, store: str, tmp_path: Path) -> None:
    site.session().check_store()
    site.session(store=store).check_store()
    assert (tmp_path / "store").is_dir()
    assert site.connections == 0


@pytest.mark.parametrize("name", ["missing/store", "plain-file"])
def test_a_store_that_cant_be_used_says_so_when_asked(site: LoginSite, tmp_path: Path, name: str) -> None:
    (tmp_path / "plain-file").write_text("")
    session = site.session(store=f"file:{tmp_path / name}")
    with pytest.raises(testpress.StoreError, match=str(tmp_path / name)) as caught:
        session.check_store()
    assert not caught.value.retryable
    assert session.token().jwt == site.logins[0], "a login never fails for its store"


def test_a_token_is_renewed_before_it_expires(faults: Faults) -> None:
    session = testpress.Session(faults.client("lives-2s"), "ada", "demo")
    seen = [session.token().jwt]
    begun = time.monotonic()
    while len(seen) < 3:
        assert time.monotonic() - begun < 30
        token = session.token()
        assert token.expires_in >= 0
        if token.jwt != seen[-1]:
            seen.append(token.jwt)
    assert time.monotonic() - begun > 1
    assert len(set(seen)) == 3


@pytest.mark.parametrize("leeway", [None, 1, "auto"])
def test_the_leeway_is_an_option(site: LoginSite, leeway: object) -> None:
    session = site.session(expiry_leeway=leeway)
    assert session.token().jwt == session.token().jwt


def test_refused_credentials_back_off_and_an_explicit_login_is_sent(site: LoginSite) -> None:
    session = site.session("wrong")
    with pytest.raises(testpress.RejectedError) as first:
        session.token()
    assert first.value.request_sent
    outcomes = in_threads(10, session.token)
    assert {type(error) for error in outcomes} == {testpress.RejectedError}
    assert not any(error.request_sent for error in outcomes)
    assert all(0 < error.retry_after <= 60 for error in outcomes)
    assert outcomes[0].field_errors == first.value.field_errors != {}
    assert len(site.logins) == 1
    with site.client() as client, pytest.raises(testpress.RejectedError):
        client.login("ada", "wrong")
    assert len(site.logins) == 2


def test_throttled_ones_back_off_for_their_wait(faults: Faults) -> None:
    session = testpress.Session(faults.client("throttled"), "ada", "demo")
    for sent in (True, False):
        with pytest.raises(testpress.ThrottledError) as caught:
            session.token()
        assert caught.value.request_sent == sent
        assert 50 < caught.value.retry_after <= 60


def test_one_who_waits_has_a_deadline_and_a_cancellation_of_its_own(site: LoginSite) -> None:
    session = site.session()
    site.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(session.token)
        site.arrived.acquire()
        with pytest.raises(testpress.TimeoutError):
            session.token(timeout=0.1)
        call = testpress.Call()
        waiter = pool.submit(session.token, call=call)
        call.cancel()
        assert isinstance(waiter.exception(20), testpress.CancelledError)
        site.gate.set()
        assert leader.result(20).username == "ada"
    assert len(site.logins) == 1


def test_who_waits_takes_over_from_one_that_was_cancelled(site: LoginSite) -> None:
    session = site.session()
    site.gate.clear()
    call = testpress.Call()
    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(session.token, call=call)
        site.arrived.acquire()
        waiter = pool.submit(session.token)
        call.cancel()
        assert isinstance(leader.exception(20), testpress.CancelledError)
        assert site.arrived.acquire(timeout=20)
        site.gate.set()
        assert waiter.result(20).username == "ada"


def test_closing_while_others_wait_lets_them_end(site: LoginSite) -> None:
    session = site.session()
    site.gate.clear()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(session.token) for _ in range(4)]
        site.arrived.acquire()
        session.close()
        site.gate.set()
        for outcome in waiting:
            # As it came before the session was closed, or after.
            error = outcome.exception(20)
            assert error is None or "closed" in str(error)


def test_a_closed_session_raises(site: LoginSite) -> None:
    session, token = site.session(), testpress.Token.from_jwt(site.origin, "abc")
    session.close()
    session.close()
    uses = session.token, session.authorization, session.check_store, session.__enter__
    for use in (*uses, lambda: session.reject(token)):
        with pytest.raises(testpress.InvalidArgumentError, match="Session is closed"):
            use()
    assert (session.closed, session.origin, site.connections) == (True, site.origin, 0)


def test_a_closed_client_makes_none(site: LoginSite) -> None:
    client = site.client()
    client.close()
    with pytest.raises(testpress.InvalidArgumentError, match="Client is closed"):
        testpress.Session(client, "ada", "demo")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("demo", "ada", "demo"), r"client must be a testpress\.Client"),
        ((None, "ada", "demo"), r"client must be a testpress\.Client"),
        (("client", b"ada", "demo"), "username must be a str"),
        (("client", "ada", None), "password must be a str"),
    ],
)
def test_what_is_of_another_type(site: LoginSite, arguments: tuple[object, ...], message: str) -> None:
    client, *credentials = arguments
    with pytest.raises(TypeError, match=message):
        testpress.Session(site.client() if client == "client" else client, *credentials)


@pytest.mark.parametrize("password", ["", "a\0b", "\ud83d", "x" * 65537])
def test_what_is_no_password(site: LoginSite, password: str) -> None:
    with pytest.raises(testpress.InvalidArgumentError, match="password"):
        testpress.Session(site.client(), "ada", password)


def test_what_is_no_token_and_no_call(site: LoginSite) -> None:
    session = site.session()
    for thing in (None, "eyJ", session):
        with pytest.raises(TypeError, match=r"token must be a testpress\.Token"):
            session.reject(thing)
    with pytest.raises(TypeError, match=r"testpress\.Call"):
        session.token(call=object())
    with pytest.raises(TypeError, match="own timeout"):
        session.token(timeout=1, call=testpress.Call())
    token = session.token()
    token.close()
    with pytest.raises(testpress.InvalidArgumentError, match="Token is closed"):
        session.reject(token)


@pytest.mark.parametrize("store", ["disk", "file:relative", "file:", "Memory"])
def test_what_is_no_store(store: str) -> None:
    with pytest.raises(testpress.InvalidArgumentError, match="store"):
        testpress.Client("demo", store=store)


def test_nothing_waits_for_the_collector(site: LoginSite) -> None:
    gone: list[weakref.ref[object]] = []

    def ask() -> None:
        session = site.session()
        gone.append(weakref.ref(session))
        gone.append(weakref.ref(session.token()))
        refused = site.session("wrong")
        gone.append(weakref.ref(refused))
        try:
            refused.token()
        except testpress.RejectedError as error:
            gone.append(weakref.ref(error))

    gc.disable()
    try:
        ask()
        assert [reference() for reference in gone] == [None] * 4
    finally:
        gc.enable()


def test_a_thousand_sessions_leave_nothing_behind(site: LoginSite) -> None:
    def cycle() -> None:
        with site.client() as client, testpress.Session(client, "ada", "demo") as session:
            assert session.token().username == "ada"

    def usage() -> tuple[int, int]:
        status = Path("/proc/self/status").read_text()
        memory = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(memory), len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(200):
        cycle()
    before = usage()
    for _ in range(1000):
        cycle()
    memory, descriptors = (after - first for first, after in zip(before, usage()))
    assert descriptors < 20
    assert memory < 4096
    assert len(site.logins) == 1200, "each was the last session of its user, and took the token with it"
