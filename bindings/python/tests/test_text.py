"""Arguments: wrong types, empty, NUL, half surrogates; and UTF-8 whatever the locale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import fresh_python
import testpress
from bad_server import Faults

GOOD = {"institute": "demo", "username": "u", "password": "p", "jwt": "abc"}

Caller = Callable[..., object]


def log_in(**arguments: object) -> object:
    with testpress.Client("http://127.0.0.1:1", retries=0) as client:
        return client.login(arguments["username"], arguments["password"])


CALLERS: list[tuple[str, Caller]] = [
    ("institute", lambda **a: testpress.Client(a["institute"])),
    ("institute", lambda **a: testpress.AsyncClient(a["institute"])),
    ("institute", lambda **a: testpress.login(a["institute"], "u", "p")),
    ("institute", lambda **a: testpress.Token.from_jwt(a["institute"], a["jwt"])),
    ("jwt", lambda **a: testpress.Token.from_jwt(a["institute"], a["jwt"])),
    ("username", log_in),
    ("password", log_in),
    ("option user_agent", lambda **a: testpress.Client("demo", user_agent=a["option user_agent"])),
]
EACH = pytest.mark.parametrize(("name", "caller"), CALLERS)


@EACH
@pytest.mark.parametrize("value", [b"bytes", bytearray(b"x"), 1.5, ["x"], object()])
def test_what_is_no_str_is_a_type_error(name: str, caller: Caller, value: object) -> None:
    with pytest.raises(TypeError, match=f"{name} must be a"):
        caller(**{**GOOD, name: value})


@pytest.mark.parametrize("name", ["institute", "username", "password", "jwt"])
@pytest.mark.parametrize("value", [None, 5, True])
def test_what_an_option_may_be_a_credential_may_not(name: str, value: object) -> None:
    for caller in [caller for argument, caller in CALLERS if argument == name]:
        with pytest.raises(TypeError, match=f"{name} must be a str"):
            caller(**{**GOOD, name: value})


@EACH
@pytest.mark.parametrize("value", ["a\0b", "\0", "half \ud83d", "\udce9"])
def test_what_c_could_not_take_whole_is_refused(name: str, caller: Caller, value: str) -> None:
    with pytest.raises(testpress.InvalidArgumentError) as caught:
        caller(**{**GOOD, name: value})
    assert caught.value.message.startswith(name)
    assert (caught.value.status, caught.value.request_sent) == (1, False)


@EACH
def test_empty_texts_are_refused_by_the_library(name: str, caller: Caller) -> None:
    with pytest.raises(testpress.InvalidArgumentError, match=name.removeprefix("option ")):
        caller(**{**GOOD, name: ""})


def test_an_option_name_with_a_nul() -> None:
    with pytest.raises(testpress.InvalidArgumentError, match="NUL"):
        testpress.Client("demo", **{"a\0b": "c"})


def test_options_as_python_has_them(faults: Faults) -> None:
    options = {"timeout_ms": 5000, "allow_http": True, "retries": "0", "ca_file": Path(faults.ca_file), "proxy_": None}
    with testpress.Client(faults.origin("ok"), **options) as client:
        assert client.login("testpress", "demo").username


def test_an_argument_that_is_missing_or_too_much() -> None:
    for call in (testpress.Client, testpress.login, testpress.Token.from_jwt, lambda: testpress.Client("demo", "x")):
        with pytest.raises(TypeError):
            call()


SIGN_IN = """
    import locale, sys
    assert sys.flags.utf8_mode == 0 and locale.getpreferredencoding(False) != "UTF-8"
    client = testpress.Client(os.environ["TESTPRESS_INSTITUTE"])
    print(client.login("unicode", "cl\\xe9-\\xe9-\\U0001f511").username)
    try:
        testpress.login("http://127.0.0.1:1", "\\xe9", "\\U0001f511", ca_file="/nonexistent/\\xe9")
    except testpress.InvalidArgumentError as error:
        print(ascii(error.message))
"""


def test_utf8_whatever_the_locale() -> None:
    printed = fresh_python.output(SIGN_IN, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert printed.startswith("unicode\n")
    assert "/nonexistent/\\xe9" in printed
