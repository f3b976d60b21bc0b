"""A Python process of its own, for what can't be tried in the suite's: signals, forks, loading, its end."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"

PRELUDE = """
import os
import testpress
with open(os.environ["TESTPRESS_FAULTS"]) as lines:
    FAULTS = dict(line.rstrip("\\n").split("\\t") for line in lines)
def fault(name, **options):
    return testpress.Client(FAULTS[name], ca_file=os.environ["TESTPRESS_FAULTS_CA"], **options)
"""
"""What a script may use."""


def environment(**changes: str | None) -> dict[str, str]:
    """Ours, with some changed; None takes one away."""
    merged = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1", **changes}
    return {name: value for name, value in merged.items() if value is not None}


def command(script: str, prelude: str = PRELUDE) -> list[str]:
    return [sys.executable, "-c", prelude + textwrap.dedent(script)]


def run(script: str, prelude: str = PRELUDE, **changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(script, prelude),
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def output(script: str, prelude: str = PRELUDE, **changes: str | None) -> str:
    """What it printed; it must end well, and say nothing on stderr."""
    done = run(script, prelude, **changes)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.strip()


def start(script: str, prelude: str = PRELUDE, **changes: str | None) -> subprocess.Popen[str]:
    """One to talk to while it runs."""
    return subprocess.Popen(
        command(script, prelude),
        env=environment(**changes),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
