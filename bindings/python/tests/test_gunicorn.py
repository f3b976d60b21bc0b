"""A session that was made before gunicorn forked its workers: with the file store they make one login between them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

import fresh_python
from login_site import LoginSite

APPLICATION = Path(__file__).resolve().parents[3] / "tests/servers/gunicorn"
WORKERS = 4


@contextlib.contextmanager
def gunicorn(log: Path, **environment: str) -> Iterator[str]:
    """Its URL; the socket listens before there is a worker, so that the first request waits for one."""
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("w") as output:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--preload", "--workers", str(WORKERS), "--timeout", "60"),
                *("--chdir", str(APPLICATION), "--bind", f"fd://{descriptor}", "shared_session:application"),
            ],
            env=fresh_python.environment(no_proxy="*", **environment),
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield f"http://127.0.0.1:{port}/"
        process.terminate()
        assert process.wait(30) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ask_all_workers(url: str) -> None:
    """Until each has answered: one that waits for a login takes no further request meanwhile."""
    seen: set[str] = set()
    deadline = time.monotonic() + 60
    with ThreadPoolExecutor(2 * WORKERS) as pool:
        while len(seen) < WORKERS:
            assert time.monotonic() < deadline, seen
            for answer in pool.map(lambda _: requests.get(url, timeout=60), range(2 * WORKERS)):
                assert answer.json() == {"username": "ada"}
                seen.add(answer.headers["X-Worker"])


@pytest.mark.parametrize(("kind", "logins"), [("file", 1), ("memory", WORKERS)])
def test_logins_of_all_workers(
    site: LoginSite, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, logins: int
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    chosen = store if kind == "file" else "memory"
    log = tmp_path / "gunicorn.log"
    with gunicorn(log, TESTPRESS_INSTITUTE=site.origin, TESTPRESS_STORE=chosen) as url:
        ask_all_workers(url)
    assert len(site.logins) == logins, log.read_text()
