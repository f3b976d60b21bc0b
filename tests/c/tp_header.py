"""How the tests start tp-header: which servers there are, and what surrounds the program."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = Path(os.environ.get("C_PROGRAMS") or ROOT / "target/c").resolve()
PROGRAM = str(PROGRAMS / "tp-header")
INSTITUTE = os.environ["TESTPRESS_INSTITUTE"]
FAULTS_CA = os.environ["TESTPRESS_FAULTS_CA"]


def fault(name):
    """The arguments that lead to a fault of the bad server."""
    for line in Path(os.environ["TESTPRESS_FAULTS"]).read_text().splitlines():
        known, origin = line.split("\t")[:2]
        if known == name:
            return ["-o", f"ca_file={FAULTS_CA}", origin]
    raise LookupError(f"the bad server has no fault {name}")


def environment(**variables):
    """Ours, without a password in it."""
    return {k: v for k, v in os.environ.items() if k != "TESTPRESS_PASSWORD"} | variables


def run(*arguments, stdin="", **variables):
    """Runs tp-header to its end. `stdin` is what is piped into it."""
    return subprocess.run(
        [PROGRAM, *arguments],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        timeout=60,
        env=environment(**variables),
    )
