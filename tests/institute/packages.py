"""The virtual environment that the institute runs in, made on first use."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import lifetime

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
OLDEST_PYTHON = (3, 10)


def python() -> Path:
    """The interpreter that has the pinned packages."""
    home = build_directory() / key()
    if not home.exists():
        with lock(home.parent):
            # Another run may have built it while this one waited.
            if not home.exists():
                build(home)
    return home / "bin" / "python"


def build_directory() -> Path:
    chosen = os.environ.get("INSTITUTE_BUILD_DIR")
    return Path(chosen).absolute() if chosen else HERE.parents[1] / "target" / "institute"


def key() -> str:
    """Other pins or another Python make another environment."""
    interpreter = f"{sys.version} {sys.base_prefix}"
    return hashlib.sha256(REQUIREMENTS.read_bytes() + interpreter.encode()).hexdigest()[:16]


@contextlib.contextmanager
def lock(directory: Path):
    """One builder at a time. The kernel drops the lock of a run that is killed."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(home: Path):
    if sys.version_info < OLDEST_PYTHON:
        raise RuntimeError(
            "Django 5.2 needs Python 3.10 or newer; this is " + sys.version.split()[0]
        )
    require_venv()
    print(f"institute: installing its packages into {home} (once)", file=sys.stderr, flush=True)
    # What interrupted builds left behind, and might still be writing to.
    for leftover in home.parent.glob(f"{home.name}.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    # Only a complete environment gets its name. It may move: nothing but `bin/python` is used.
    unfinished = Path(tempfile.mkdtemp(prefix=f"{home.name}.", dir=home.parent))
    execute(sys.executable, "-I", "-m", "venv", str(unfinished))
    pip = [str(unfinished / "bin" / "python"), "-I", "-m", "pip"]
    execute(*pip, "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS))
    unfinished.rename(home)


def require_venv():
    """Debian ships a Python whose venv cannot install pip, and the rest in a package of its own."""
    if all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RuntimeError("Python's venv is missing: install it (on Debian: python3-venv)")
    print("institute: installing python3-venv", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    execute("apt-get", "update", "-qq", env=environment)
    execute("apt-get", "install", "-y", "-qq", "python3-venv", env=environment)


def execute(*command: str, **options):
    """Run one step of the build; what it prints is for the developer, not for stdout."""
    process = lifetime.start(
        list(command), signal.SIGTERM, stdin=subprocess.DEVNULL, stdout=sys.stderr, **options
    )
    try:
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} failed with status {status}")
