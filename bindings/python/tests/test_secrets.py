"""No text that Python makes of these objects shows a password or a token."""

from __future__ import annotations

import logging
import pprint
import traceback

import pytest

import testpress
import testpress.httpx
import testpress.requests
from bad_server import Faults

CANARY = "c4n4ry-pässword"
JWT = "c4n4ry.t0ken.text"


def texts_of(thing: object) -> list[str]:
    return [
        repr(thing),
        str(thing),
        f"{thing}",
        pprint.pformat(thing),
        ascii(thing),
        repr(getattr(thing, "__dict__", {})),
    ]


def test_reprs_of_tokens() -> None:
    token = testpress.Token.from_jwt("demo", JWT)
    for thing in (token, testpress.requests.TokenAuth(token), testpress.httpx.TokenAuth(token)):
        for text in texts_of(thing):
            assert "c4n4ry" not in text
    assert "https://demo.testpress.in" in repr(token)
    assert not hasattr(token, "__dict__")


def test_a_token_shows_no_person(faults: Faults) -> None:
    with faults.client("ok") as client:
        token = client.login("testpress", CANARY)
    assert not any("ada" in text or "eyJ" in text for text in texts_of(token))


def test_reprs_of_clients_and_calls(faults: Faults) -> None:
    with faults.client("ok") as client:
        client.login("testpress", CANARY)
        for thing in (client, testpress.Call()):
            assert not any("c4n4ry" in text for text in texts_of(thing))


def test_reprs_of_sessions(faults: Faults) -> None:
    client = faults.client("ok")
    for kind in (testpress.Session, testpress.AsyncSession):
        session = kind(client, "u-c4n4ry", CANARY)
        auths = testpress.requests.TokenAuth(session), testpress.httpx.TokenAuth(session)
        for thing in (session, *auths):
            assert not any("c4n4ry" in text or "eyJ" in text for text in texts_of(thing))
        assert client.origin in repr(session)
        assert not hasattr(session, "__dict__")


@pytest.mark.parametrize("fault", ["rejected", "echoes-request"])
async def test_tracebacks_of_sessions(faults: Faults, fault: str) -> None:
    client = faults.client(fault)
    for _ in range(2):
        with pytest.raises(testpress.TestpressError) as caught:
            testpress.Session(client, "testpress", CANARY).token()
        assert_secret(caught.value)
    with pytest.raises(testpress.TestpressError) as caught:
        await testpress.AsyncSession(client, "testpress", CANARY).token()
    assert_secret(caught.value)


@pytest.mark.parametrize("password", [CANARY + "\0", CANARY + "\ud83d", CANARY.encode(), CANARY * 10_000])
@pytest.mark.parametrize("client", [None, "open", "closed"])
def test_tracebacks_of_sessions_that_are_not_made(faults: Faults, client: str | None, password: str) -> None:
    given = faults.client("ok") if client else None
    if client == "closed":
        given.close()
    with pytest.raises((testpress.InvalidArgumentError, TypeError)) as caught:
        testpress.Session(given, "testpress", password)
    assert_secret(caught.value)


FAILING_LOGINS = {
    "rejected": {"password": CANARY},
    "echoes-request": {"password": CANARY},
    "NUL": {"password": CANARY + "\0"},
    "half a surrogate pair": {"password": CANARY + "\ud83d"},
    "bytes": {"password": CANARY.encode()},
    "closed": {"password": CANARY},
    "too much": {"password": CANARY, "timeout": 1, "call": testpress.Call},
    "NUL in the username": {"username": "u\0", "password": CANARY},
}


@pytest.mark.parametrize("name", FAILING_LOGINS)
def test_tracebacks_with_variables(faults: Faults, name: str) -> None:
    """Tools that report errors send along the variables of each frame."""
    arguments = {"username": "testpress", **FAILING_LOGINS[name]}
    if "call" in arguments:
        arguments["call"] = testpress.Call()
    client = faults.client(name if name in ("rejected", "echoes-request") else "ok")
    if name == "closed":
        client.close()
    with pytest.raises((testpress.TestpressError, TypeError)) as caught:
        client.login(**arguments)
    assert_secret(caught.value)


def test_tracebacks_of_the_one_call() -> None:
    with pytest.raises(testpress.ConnectError) as caught:
        testpress.login("http://127.0.0.1:1", "testpress", CANARY, retries=0)
    assert_secret(caught.value)
    with pytest.raises(testpress.InvalidArgumentError) as caught_early:
        testpress.login("demo", "testpress", CANARY, no_such_option=1)
    assert_secret(caught_early.value)


async def test_tracebacks_of_the_async_client(faults: Faults) -> None:
    async with faults.async_client("rejected") as client:
        with pytest.raises(testpress.RejectedError) as caught:
            await client.login("testpress", CANARY)
    assert_secret(caught.value)


@pytest.mark.parametrize("jwt", [JWT + " ", JWT + "\0", JWT + "\ud83d", JWT.encode()])
@pytest.mark.parametrize("institute", ["demo", "de\0mo"])
def test_tracebacks_of_a_kept_token(institute: str, jwt: str) -> None:
    with pytest.raises((testpress.InvalidArgumentError, TypeError)) as caught:
        testpress.Token.from_jwt(institute, jwt)
    assert_secret(caught.value)


def assert_secret(error: BaseException) -> None:
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in trace.stack if "/testpress/" in frame.filename]
    assert ours
    for frame in ours:
        assert "c4n4ry" not in str(frame.locals), frame
    assert "c4n4ry" not in "".join(trace.format_exception_only())
    assert error.__context__ is None
    assert not any("c4n4ry" in text for text in texts_of(error))


def test_the_log(faults: Faults, debug_log: pytest.LogCaptureFixture) -> None:
    with faults.client("ok") as client:
        token = client.login("testpress", CANARY)
    with faults.client("echoes-request") as client, pytest.raises(testpress.TestpressError):
        client.login("testpress", CANARY)
    with faults.client("another-each-time") as client:
        session = testpress.Session(client, "testpress", CANARY)
        session.reject(session.token())
        session.token()
    assert len(debug_log.records) >= 12
    for record in debug_log.records:
        text = logging.Formatter().format(record)
        assert "c4n4ry" not in text
        assert token.jwt not in text
        assert "eyJ" not in text
