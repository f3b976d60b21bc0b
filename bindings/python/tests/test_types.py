"""What a type checker sees: mypy --strict, in a program that uses the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fresh_python

PROGRAM = """
import testpress
import testpress.httpx
import testpress.requests

def right(username: str, password: str) -> None:
    with testpress.Client("demo", timeout_ms=5000, ca_file=None, allow_http=True) as client:
        token = client.login(username, password, timeout=2.5)
    reveal_type(token.authorization)
    reveal_type(token.expires_at)
    reveal_type(token.claims)
    testpress.requests.TokenAuth(token)
    testpress.httpx.TokenAuth(token)
    with testpress.Session(client, username, password) as session:
        reveal_type(session.token(timeout=2.5))
        reveal_type(session.authorization())
        session.reject(token)
    testpress.requests.TokenAuth(session)
    testpress.httpx.TokenAuth(session)

async def right_as_well(username: str, password: str) -> None:
    async with testpress.AsyncClient("demo") as client:
        reveal_type(await client.login(username, password, call=testpress.Call(1)))
        async with testpress.AsyncSession(client, username, password) as session:
            reveal_type(await session.token())
            reveal_type(await session.authorization())
        testpress.httpx.TokenAuth(session)
    try:
        testpress.login("demo", username, password)
    except testpress.RefusedError as error:
        reveal_type(error.field_errors)
        reveal_type(error.retry_after)

def wrong(client: testpress.Client, token: testpress.Token) -> None:
    client.login("u", b"p")  # 1
    client.login("u")  # 2
    token.authorization = "x"  # 3
    testpress.Client("demo", retries=1.5)  # 4
    testpress.Session("demo", "u", "p")  # 5
    testpress.Session(client, "u", "p").reject("eyJ")  # 6
"""

REVEALED = [
    "str",
    "Union[datetime.datetime, None]",
    "dict[str, Any]",
    "Token",
    "str",
    "Token",
    "Token",
    "str",
    "dict[str, list[str]]",
    "Union[int, None]",
]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    directory = tmp_path_factory.mktemp("types")
    (directory / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--force-union-syntax", "program.py"],
        cwd=directory,
        env=fresh_python.environment(MYPYPATH=str(Path(fresh_python.SOURCE))),
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line.startswith("program.py")]


def test_what_it_infers(messages: list[str]) -> None:
    revealed = [line.split("Revealed type is ")[1].strip('"') for line in messages if "Revealed type" in line]
    plain = [text.replace("builtins.", "").replace("testpress.token.", "") for text in revealed]
    assert plain == REVEALED


def test_what_it_refuses(messages: list[str]) -> None:
    lines = PROGRAM.splitlines()
    refused = [lines[int(line.split(":")[1]) - 1] for line in messages if ": error:" in line]
    assert [line[-1] for line in refused] == ["1", "2", "3", "4", "5", "6"]
