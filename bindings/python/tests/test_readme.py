"""The README's examples run as they stand there, and its lists are complete."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import textwrap
from pathlib import Path

import pytest

import testpress
import testpress.httpx
import testpress.requests

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "bindings/python/README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example(number: int, institute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.environ["SSL_CERT_FILE"])
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "django_settings")
    client = testpress.Client(institute)
    names = {
        "sys": sys,
        "testpress": testpress,
        "username": "testpress",
        "password": "demo",
        "token": testpress.login(institute, "testpress", "demo"),
        "client": client,
        "session": testpress.Session(client, "testpress", "demo"),
    }
    body = textwrap.indent(EXAMPLES[number].replace('"demo"', repr(institute)), "    ")
    exec(f"async def example():\n{body}\n    return locals()", names)
    seen = {**names, **asyncio.run(names["example"]())}
    assert seen["token"].username == "testpress"
    if "profile" in seen:
        assert seen["profile"]["username"] == "testpress"


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 10


def test_an_example_imports_the_adapter_that_it_uses() -> None:
    """`import testpress` alone does not: it would need requests and httpx."""
    uses = {(example, name) for example in EXAMPLES for name in re.findall(r"testpress\.(requests|httpx)\.", example)}
    assert uses
    assert [use for use in uses if f"import testpress.{use[1]}\n" not in use[0]] == []


def test_every_exception_is_there() -> None:
    kinds = {name for name in testpress.__all__ if name.endswith("Error")}
    assert {name for name in kinds if f"`{name}`" not in README} == set()


def test_every_option_is_there() -> None:
    with pytest.raises(testpress.InvalidArgumentError) as caught:
        testpress.Client("demo", no_such_option="x")
    table = re.findall(r"^\| `(\w+)` \| .* \| .* \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    options = [name for name in table if name in caught.value.message]
    assert len(options) >= 12
    assert [name for name in options if f"`{name}`" not in README] == []


def test_every_method_of_a_session_is_there() -> None:
    public = [name for name in dir(testpress.Session) if not name.startswith("_") and name != "closed"]
    assert [name for name in public if not re.search(rf"[`.]{name}[(` ]", README)] == []


def test_every_attribute_of_a_token_is_there() -> None:
    public = [name for name in vars(testpress.Token) if not name.startswith("_") and name != "from_jwt"]
    assert [name for name in public if f"`{name}`" not in README] == []
