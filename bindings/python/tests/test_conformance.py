"""The cases that every language runs: tests/conformance/cases.json at the top of the repository."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import testpress
from bad_server import Faults

CASES = json.loads((Path(__file__).resolve().parents[3] / "tests/conformance/cases.json").read_text("utf-8"))

OF_TOKENS = ("username", "user_id", "email", "authorization", "header", "jwt", "claims")
OF_ERRORS = (
    *("http_status", "server_code", "server_message", "server_body", "retry_after"),
    *("retryable", "request_sent", "field_errors"),
)
ALL_KEYS = {"status", "expires", "claims_contain", "message_contains", *OF_TOKENS, *OF_ERRORS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], institute: str, faults: Faults) -> None:
    expected = case["expect"]
    assert set(expected) <= ALL_KEYS, "a key that this suite does not check"
    where, options = target(case, institute, faults)
    if expected["status"] == "TP_OK":
        with testpress.Client(where, **options) as client:
            check_token(client.login(case["username"], case["password"]), expected, client)
    else:
        with pytest.raises(testpress.TestpressError) as caught, testpress.Client(where, **options) as client:
            client.login(case["username"], case["password"])
        check_error(caught.value, expected, case["password"])


def target(case: dict[str, Any], institute: str, faults: Faults) -> tuple[str, dict[str, Any]]:
    options = case.get("options", {})
    if "institute" in case:
        return case["institute"], options
    kind, _, name = case["server"].partition(":")
    if kind == "institute":
        return institute, options
    return faults.origin(name), {"ca_file": faults.ca_file, **options}


def check_token(token: testpress.Token, expected: dict[str, Any], client: testpress.Client) -> None:
    assert token.header == f"Authorization: {token.authorization}"
    assert token.authorization == f"JWT {token.jwt}"
    assert token.origin == client.origin
    for key in OF_TOKENS:
        if key in expected:
            assert getattr(token, key) == expected[key], key
    assert set(expected.get("claims_contain", [])) <= set(token.claims)
    if "expires" in expected:
        assert (token.expires_at is not None) == (token.expires_in is not None) == expected["expires"]
    if expected.get("expires"):
        assert token.expires_at > datetime.now(timezone.utc)
        assert token.expires_in > 0


def check_error(error: testpress.TestpressError, expected: dict[str, Any], password: str) -> None:
    assert error.status_name == expected["status"], error
    assert type(error) is testpress.errors.CLASSES[error.status]
    for key in OF_ERRORS:
        if key in expected:
            assert getattr(error, key) == expected[key], key
    for part in expected.get("message_contains", []):
        assert part in error.message
    # "demo" is also what messages give as an example of an institute.
    if len(password) >= 4 and password != "demo":
        assert not any(password in str(value) for value in (error, repr(error), vars(error), error.field_errors))
