"""Tokens that were kept elsewhere, odd ones, and what a token of a login says."""

from __future__ import annotations

import base64
import json
import threading
from datetime import datetime, timezone

import pytest

import testpress
from bad_server import Faults


def token(payload: str, institute: str = "demo") -> testpress.Token:
    middle = base64.urlsafe_b64encode(payload.encode()).rstrip(b"=").decode()
    return testpress.Token.from_jwt(institute, f"e30.{middle}.c2ln")


def test_all_its_parts() -> None:
    claims = {"username": "ada", "user_id": 17, "email": "ada@example.com", "exp": 4102444800, "é": "🔑"}
    kept = token(json.dumps(claims))
    assert kept.header == f"Authorization: {kept.authorization}" == f"Authorization: JWT {kept.jwt}"
    assert kept.origin == "https://demo.testpress.in"
    assert (kept.username, kept.user_id, kept.email) == ("ada", 17, "ada@example.com")
    assert kept.expires_at == datetime(2100, 1, 1, tzinfo=timezone.utc)
    assert kept.expires_at.tzinfo is timezone.utc
    assert 0 < kept.expires_in < 4102444800
    assert kept.claims == claims


def test_what_is_absent_is_none() -> None:
    kept = testpress.Token.from_jwt("demo", "abc")
    assert (kept.username, kept.user_id, kept.email, kept.expires_at, kept.expires_in) == (None,) * 5
    assert kept.claims == {}


def test_claims_are_a_copy() -> None:
    kept = token('{"roles": ["a"]}')
    kept.claims["roles"].append("b")
    assert kept.claims == {"roles": ["a"]}


@pytest.mark.parametrize(
    ("exp", "expected"),
    [
        ("1", datetime(1970, 1, 1, 0, 0, 1, tzinfo=timezone.utc)),
        ("253402300800", datetime.max.replace(tzinfo=timezone.utc)),
        ("9223372036854775807", datetime.max.replace(tzinfo=timezone.utc)),
        ("0", None),
        ('"tomorrow"', None),
    ],
)
def test_odd_expiries(exp: str, expected: datetime | None) -> None:
    assert token(f'{{"exp": {exp}}}').expires_at == expected


@pytest.mark.parametrize("name", ["claims-deep", "claims-duplicate", "claims-no-utf8", "exp-1e400", "username-control"])
def test_odd_claims_of_a_server(faults: Faults, name: str) -> None:
    with faults.client(name) as client:
        odd = client.login("testpress", "demo")
    assert isinstance(odd.claims, dict)
    assert odd.authorization.startswith("JWT ")


def test_a_number_that_python_refuses_to_read() -> None:
    odd = token('{"user_id": 5, "n": ' + "9" * 5000 + "}")
    assert odd.jwt.startswith("e30.")
    assert isinstance(odd.claims, dict)


@pytest.mark.parametrize("jwt", ["", "a b", "a\r\nX: y", "é", "x" * 8193])
def test_what_would_break_a_header_is_refused(jwt: str) -> None:
    with pytest.raises(testpress.InvalidArgumentError, match="jwt"):
        testpress.Token.from_jwt("demo", jwt)


def test_it_can_be_used_by_many_threads() -> None:
    kept = token('{"username": "ada"}')
    seen = []
    threads = [threading.Thread(target=lambda: seen.extend(kept.username for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["ada"] * 4000
