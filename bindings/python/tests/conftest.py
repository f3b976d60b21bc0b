"""The two servers that the suite runs beside, and the line that it ends with."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bad_server import Faults
from login_site import LoginSite, login_site
from two_origins import Site, two_sites


@pytest.fixture(scope="session")
def institute() -> str:
    """The origin of a real institute; its users stand in tests/institute/README.md."""
    return os.environ["TESTPRESS_INSTITUTE"]


@pytest.fixture(scope="session")
def faults() -> Faults:
    return Faults()


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    """Two real HTTP servers on two origins, which remember the headers that they were sent."""
    with two_sites() as servers:
        yield servers


@pytest.fixture
def site() -> Iterator[LoginSite]:
    """A server that counts logins."""
    with login_site() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The option `store`: a directory of one test's own."""
    return f"file:{tmp_path / 'store'}"


@pytest.fixture
def debug_log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Clients that are made from now on tell everything."""
    caplog.set_level(logging.DEBUG, logger="testpress")
    return caplog


def pytest_unconfigure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not config.option.collectonly:
        count = {outcome: len(reporter.stats.get(outcome, [])) for outcome in ("passed", "failed", "error")}
        print(f"{count['passed']} passed, {count['failed'] + count['error']} failed")
