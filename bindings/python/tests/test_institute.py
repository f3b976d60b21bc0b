"""A login to a real institute, and what the token is good for there."""

from __future__ import annotations

import os
import urllib.request
from datetime import datetime, timedelta, timezone

import httpx
import pytest
import requests

import testpress
import testpress.httpx
import testpress.requests

PROFILE = "/api/v2.2/me/"


@pytest.fixture
def token(institute: str) -> testpress.Token:
    return testpress.login(institute, "testpress", "demo")


def test_one_call_logs_in(token: testpress.Token, institute: str) -> None:
    assert token.origin == institute
    assert (token.username, token.user_id, token.email) == ("testpress", 17, "testpress@example.com")
    assert token.claims["username"] == "testpress"
    assert timedelta(days=6) < token.expires_at - datetime.now(timezone.utc) <= timedelta(days=7)
    assert 6 * 86400 < token.expires_in <= 7 * 86400


def test_one_call_takes_options_and_a_timeout(institute: str) -> None:
    assert testpress.login(institute, "testpress", "demo", timeout=20, login_encoding="multipart").user_id == 17
    with pytest.raises(testpress.InvalidArgumentError, match="no_such_option"):
        testpress.login(institute, "testpress", "demo", no_such_option=1)


def test_a_client_logs_in_many_times(institute: str) -> None:
    with testpress.Client(institute) as client:
        assert client.origin == institute
        names = [client.login(name, "demo").username for name in ("testpress", "moderator", "13956")]
    assert names == ["testpress", "moderator", "13956"]


def test_tokens_and_errors_outlive_their_client(institute: str) -> None:
    with testpress.Client(institute) as client:
        token = client.login("testpress", "demo")
        with pytest.raises(testpress.RejectedError) as caught:
            client.login("testpress", "wrong")
    assert token.authorization.startswith("JWT eyJ")
    assert caught.value.field_errors == {"non_field_errors": ["Unable to log in with provided credentials."]}


def test_the_profile_with_the_standard_library(token: testpress.Token) -> None:
    request = urllib.request.Request(token.origin + PROFILE)
    request.add_unredirected_header("Authorization", token.authorization)
    with urllib.request.urlopen(request) as answer:
        assert b"Tess Press" in answer.read()


def test_the_profile_with_requests(token: testpress.Token) -> None:
    with requests.Session() as session:
        session.auth = testpress.requests.TokenAuth(token)
        assert session.get(token.origin + PROFILE, verify=verify_file()).json()["username"] == "testpress"
        # Without its last slash the address is redirected, on the same origin.
        answer = session.get((token.origin + PROFILE)[:-1], verify=verify_file())
        assert (answer.status_code, len(answer.history)) == (200, 1)


def test_the_profile_with_httpx(token: testpress.Token) -> None:
    with httpx.Client(auth=testpress.httpx.TokenAuth(token), base_url=token.origin) as client:
        assert client.get(PROFILE).json()["username"] == "testpress"
        assert client.get(PROFILE[:-1], follow_redirects=True).json()["username"] == "testpress"


async def test_everything_without_blocking_the_loop(institute: str) -> None:
    async with testpress.AsyncClient(institute) as login:
        token = await login.login("testpress", "demo")
    async with httpx.AsyncClient(auth=testpress.httpx.TokenAuth(token), base_url=token.origin) as client:
        assert (await client.get(PROFILE)).json()["username"] == "testpress"


def test_a_token_that_was_kept(token: testpress.Token) -> None:
    kept = testpress.Token.from_jwt(token.origin, token.jwt)
    answer = requests.get(token.origin + PROFILE, auth=testpress.requests.TokenAuth(kept), verify=verify_file())
    assert answer.json()["username"] == "testpress"


def verify_file() -> str:
    # requests does not read it by itself.
    return os.environ["SSL_CERT_FILE"]
