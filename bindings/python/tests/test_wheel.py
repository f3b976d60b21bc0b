"""The wheel: installed in an environment of its own it logs in with the library that it brings along."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import fresh_python

BUILD = Path(__file__).resolve().parent.parent / "build-wheel"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    done = subprocess.run(
        [BUILD, os.environ["TESTPRESS_LIBRARY"], tmp_path_factory.mktemp("wheel")],
        env={**os.environ, "PYTHON": sys.executable},
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(done.stdout.strip())


def test_its_name_and_files(wheel: Path) -> None:
    name, version, python, abi, platform = wheel.stem.split("-")
    assert (name, version, python, abi) == ("testpress", "0.1.0", "py3", "none")
    assert platform.startswith("manylinux_2_")
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
        metadata = archive.read("testpress-0.1.0.dist-info/METADATA").decode()
    expected = {f"testpress/{path.name}" for path in (fresh_python.SOURCE / "testpress").glob("*.py")}
    expected |= {"testpress/py.typed", "testpress/libtestpress.so.1"}
    assert {name for name in files if not name.startswith("testpress-")} == expected
    assert sum("LICENSE" in name for name in files) == 2
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    assert all("extra ==" in line for line in required), "a dependency at run time"


def test_it_logs_in_from_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "bin/python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-index", "--disable-pip-version-check", wheel], check=True
    )
    script = """
import os, testpress
assert "site-packages" in testpress.__file__ and "site-packages" in testpress.library.path()
print(testpress.login(os.environ["TESTPRESS_INSTITUTE"], "testpress", "demo").username)
"""
    environment = fresh_python.environment(TESTPRESS_LIBRARY=None, PYTHONPATH=None)
    done = subprocess.run([python, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("testpress\n", "")
