"""A session as the `auth` of requests and httpx: a 401 is answered with a new token, once, on its origin only."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Union
from urllib.parse import quote

import httpx
import pytest
import requests

import testpress
import testpress.httpx
import testpress.requests
from bad_server import Faults
from login_site import LoginSite, login_site

Answer = Union[requests.Response, httpx.Response]
Send = Callable[..., Answer]


def with_requests(session: testpress.Session, method: str, url: str, body: Any = None) -> requests.Response:
    with requests.Session() as client:
        client.auth = testpress.requests.TokenAuth(session)
        client.trust_env = False
        return client.request(method, url, data=body)


def with_httpx(session: testpress.Session, method: str, url: str, body: Any = None) -> httpx.Response:
    auth = testpress.httpx.TokenAuth(session)
    with httpx.Client(auth=auth, follow_redirects=True, trust_env=False) as client:
        return client.request(method, url, content=body)


def with_httpx_async(session: testpress.Session, method: str, url: str, body: Any = None) -> httpx.Response:
    auth = testpress.httpx.TokenAuth(session)

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(auth=auth, follow_redirects=True, trust_env=False) as client:
            return await client.request(method, url, content=body)

    return asyncio.run(send())


ALL = pytest.mark.parametrize("send", [with_requests, with_httpx, with_httpx_async])


@pytest.fixture
def session(site: LoginSite) -> testpress.Session:
    return site.session()


@ALL
def test_each_request_asks_the_session(site: LoginSite, session: testpress.Session, send: Send) -> None:
    for _ in range(3):
        assert send(session, "GET", site.origin + "/x").status_code == 200
    assert site.answers == [f"JWT {site.logins[0]}"] * 3
    session.reject(session.token())
    send(session, "GET", site.origin + "/x")
    assert site.answers[3] == f"JWT {site.logins[1]}"


@ALL
def test_a_401_leads_to_a_new_token_and_the_same_request(
    site: LoginSite, session: testpress.Session, send: Send
) -> None:
    old = session.token()
    site.withdraw_all()
    answer = send(session, "POST", site.origin + "/x?a=b", b"the body")
    assert (answer.status_code, answer.json()) == (200, {"username": "ada"})
    assert [earlier.status_code for earlier in answer.history] == [401]
    assert site.answers == [old.authorization, f"JWT {site.logins[1]}"]
    assert {request[:2] + request[3:] for request in site.requests} == {("POST", "/x?a=b", b"the body")}


@ALL
def test_the_second_401_is_the_callers_and_the_sessions(
    site: LoginSite, session: testpress.Session, send: Send
) -> None:
    site.accepts_tokens = False
    answer = send(session, "GET", site.origin + "/x")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Signature has expired."})
    assert len(site.requests) == len(site.logins) == 2
    assert site.answers == [f"JWT {jwt}" for jwt in site.logins]
    # Told of the second token, too, it keeps that: another login would not help.
    assert session.token().jwt == site.logins[1]
    assert len(site.logins) == 2


@ALL
def test_the_401_after_a_renewal_and_a_redirect_is_told_too(
    site: LoginSite, session: testpress.Session, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepts, turns = site.accepts, iter([False, True, False])
    monkeypatch.setattr(site, "accepts", lambda request: bool(accepts(request) + 1) and next(turns))
    assert send(session, "GET", f"{site.origin}/to/{quote('/x', safe='')}").status_code == 401
    assert site.answers == [f"JWT {site.logins[number]}" for number in (0, 1, 1)]
    assert session.token().jwt == site.logins[1]
    assert len(site.logins) == 2


@ALL
def test_a_server_that_accepts_no_token_is_not_asked_for_one_after_another(
    site: LoginSite, session: testpress.Session, send: Send
) -> None:
    site.accepts_tokens = False
    for _ in range(5):
        assert send(session, "GET", site.origin + "/x").status_code == 401
    assert len(site.logins) == 2
    # Later requests go out with the newest token.
    assert set(site.answers[1:]) == {f"JWT {site.logins[1]}"}


def refuse_logins(site: LoginSite) -> type[testpress.TestpressError]:
    site.accepts_passwords = False
    return testpress.RejectedError


def hold_logins(site: LoginSite) -> type[testpress.TestpressError]:
    site.gate.clear()
    return testpress.TimeoutError


@ALL
@pytest.mark.parametrize("prevent", [refuse_logins, hold_logins])
def test_why_a_401_brought_no_new_token_is_an_error(
    site: LoginSite, send: Send, prevent: Callable[[LoginSite], type[testpress.TestpressError]]
) -> None:
    session = site.session(timeout_ms=2000)
    session.token()
    site.withdraw_all()
    with pytest.raises(prevent(site)):
        send(session, "GET", site.origin + "/x")
    assert (len(site.requests), site.arrived.acquire(timeout=0)) == (1, True)


def two_of_requests(auth: testpress.requests.TokenAuth, url: str) -> None:
    with requests.Session() as client:
        with pytest.raises(testpress.RejectedError) as _kept:
            client.get(url, auth=auth, stream=True)
        client.get(url, auth=lambda request: request)


def two_of_httpx(auth: testpress.httpx.TokenAuth, url: str) -> None:
    with httpx.Client(trust_env=False) as client:
        with pytest.raises(testpress.RejectedError) as _kept:
            client.get(url, auth=auth)
        client.get(url)


def two_of_async_httpx(auth: testpress.httpx.TokenAuth, url: str) -> None:
    async def send() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            with pytest.raises(testpress.RejectedError) as _kept:
                await client.get(url, auth=auth)
            await client.get(url)

    asyncio.run(send())


@pytest.mark.parametrize(
    ("auth", "send_two"),
    [
        (testpress.requests.TokenAuth, two_of_requests),
        (testpress.httpx.TokenAuth, two_of_httpx),
        (testpress.httpx.TokenAuth, two_of_async_httpx),
    ],
)
def test_the_connection_of_the_401_is_free_for_the_next_request(
    site: LoginSite, auth: Callable[[object], Any], send_two: Callable[[Any, str], None]
) -> None:
    session = site.session(retries=0)
    session.token()
    site.withdraw_all()
    refuse_logins(site)
    site.connections = 0
    send_two(auth(session), site.origin + "/x")
    # Beside the login's own.
    assert (len(site.requests), site.connections) == (2, 2)


@ALL
def test_a_session_closed_before_the_401_says_so(
    site: LoginSite, session: testpress.Session, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.token()
    site.withdraw_all()
    accepts = site.accepts
    monkeypatch.setattr(site, "accepts", lambda request: accepts(request) or session.close())
    with pytest.raises(testpress.InvalidArgumentError, match="closed"):
        send(session, "GET", site.origin + "/x")
    assert (len(site.requests), len(site.logins)) == (1, 1)


@ALL
def test_a_token_alone_is_not_replaced(site: LoginSite, send: Send) -> None:
    answer = send(testpress.Token.from_jwt(site.origin, "abc"), "GET", site.origin + "/x")
    assert (answer.status_code, site.answers) == (401, ["JWT abc"])


def pieces() -> Iterator[bytes]:
    yield b"one "
    yield b"two"


@pytest.mark.parametrize("send", [with_requests, with_httpx])
def test_a_body_that_is_gone_is_not_sent_again(site: LoginSite, session: testpress.Session, send: Send) -> None:
    session.token()
    site.withdraw_all()
    assert send(session, "POST", site.origin + "/x", pieces()).status_code == 401
    assert len(site.requests) == 1
    # The session was told, all the same.
    assert send(session, "POST", site.origin + "/x", pieces()).status_code == 200
    assert {request.body for request in site.requests} == {b"one two"}


async def test_nor_is_one_of_an_async_generator(site: LoginSite, session: testpress.Session) -> None:
    async def pieces() -> Any:
        yield b"one"

    session.token()
    site.withdraw_all()
    async with httpx.AsyncClient(auth=testpress.httpx.TokenAuth(session), trust_env=False) as client:
        assert (await client.post(site.origin + "/x", content=pieces())).status_code == 401
    assert len(site.requests) == 1


def test_requests_sends_a_file_again_from_where_it_began(site: LoginSite, session: testpress.Session) -> None:
    session.token()
    site.withdraw_all()
    file = io.BytesIO(b"not this, but that")
    file.seek(10)
    assert with_requests(session, "PUT", site.origin + "/x", file).status_code == 200
    assert [request.body for request in site.requests] == [b"but that"] * 2


def test_forms_and_files_are_sent_again(site: LoginSite, session: testpress.Session) -> None:
    session.token()
    site.withdraw_all()
    auth = testpress.requests.TokenAuth(session)
    assert requests.post(site.origin + "/x", {"a": "b"}, files={"f": b"c"}, auth=auth).status_code == 200
    assert site.requests[0].body == site.requests[1].body != b""


@ALL
def test_no_other_origin_gets_the_header(site: LoginSite, session: testpress.Session, send: Send) -> None:
    assert send(session, "GET", site.by_another_name + "/x").status_code == 401
    # And its 401 says nothing of the token.
    assert (site.answers, site.logins) == ([None], [])


@ALL
def test_a_redirect_elsewhere_takes_nothing_along(site: LoginSite, session: testpress.Session, send: Send) -> None:
    session.token()
    site.withdraw_all()
    with login_site() as there:
        for elsewhere in (there.origin, there.by_another_name):
            answer = send(session, "GET", f"{site.origin}/to/{quote(elsewhere + '/x', safe='')}")
            assert answer.status_code == 401
        assert (there.answers, there.logins) == ([None, None], [])
    assert site.answers == [f"JWT {site.logins[number]}" for number in (0, 1, 1)]


@ALL
def test_a_redirect_at_home_takes_the_new_token_along(site: LoginSite, session: testpress.Session, send: Send) -> None:
    session.token()
    site.withdraw_all()
    assert send(session, "GET", f"{site.origin}/to/{quote('/x', safe='')}").status_code == 200
    assert site.answers == [f"JWT {site.logins[number]}" for number in (0, 1, 1)]


@ALL
def test_a_401_after_a_redirect_repeats_only_the_last_request(
    site: LoginSite, session: testpress.Session, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one may have done its work."""
    accepts, turns = site.accepts, iter([True, False, True])
    monkeypatch.setattr(site, "accepts", lambda request: bool(accepts(request) + 1) and next(turns))
    assert send(session, "POST", f"{site.origin}/to/{quote('/x', safe='')}", b"b").status_code == 200
    assert [request.path for request in site.requests] == ["/to/%2Fx", "/x", "/x"]
    assert site.answers == [f"JWT {site.logins[number]}" for number in (0, 0, 1)]


@pytest.mark.parametrize("send", [with_requests, with_httpx])
def test_many_threads_with_a_withdrawn_token_make_one_login(
    site: LoginSite, session: testpress.Session, send: Send
) -> None:
    session.token()
    site.withdraw_all()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: send(session, "GET", site.origin + "/x").status_code, range(64)))
    assert answers == [200] * 64
    assert len(site.logins) == 2


def test_an_async_session_serves_both(site: LoginSite) -> None:
    session = testpress.AsyncSession(site.client(), "ada", "demo")
    for send in (with_httpx, with_httpx_async, with_requests):
        assert send(session, "GET", site.origin + "/x").status_code == 200
    site.withdraw_all()
    assert with_httpx(session, "GET", site.origin + "/x").status_code == 200
    assert len(site.logins) == 2


@ALL
def test_refused_credentials_are_an_error_before_anything_is_sent(site: LoginSite, send: Send) -> None:
    with pytest.raises(testpress.RejectedError):
        send(site.session("wrong"), "GET", site.origin + "/x")
    assert site.requests == []


@ALL
def test_a_closed_session_too(site: LoginSite, session: testpress.Session, send: Send) -> None:
    session.close()
    with pytest.raises(testpress.InvalidArgumentError, match="closed"):
        send(session, "GET", site.origin + "/x")
    assert site.requests == []


@pytest.mark.parametrize("auth", [testpress.requests.TokenAuth, testpress.httpx.TokenAuth])
def test_what_is_neither_token_nor_session(auth: Callable[[object], object]) -> None:
    for thing in ("eyJ", None, testpress.Client("demo")):
        with pytest.raises(TypeError, match="token must be"):
            auth(thing)


async def test_the_loop_goes_on_while_a_session_logs_in(faults: Faults) -> None:
    session = testpress.AsyncSession(faults.async_client("accept-silent"), "ada", "demo")
    async with httpx.AsyncClient(auth=testpress.httpx.TokenAuth(session)) as client:
        request = asyncio.create_task(client.get(session.origin))
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert not request.done()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
