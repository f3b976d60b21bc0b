"""The build: every target with coverage and the address sanitizer, by the stable compiler."""

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "fuzz"
CARGO = os.environ.get("CARGO", "cargo")
RUSTC = os.environ.get("RUSTC", "rustc")

# As cargo-fuzz has them: where a run has been, and what it compared.
COVERAGE = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-sanitizer-coverage-stack-depth",
    # A branch that is folded into another is none that can be seen.
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
]


def build():
    """Builds all targets at once, as they share everything else. Returns where the programs are."""
    subprocess.run([ROOT / "tests/packages", "install", "g++"], check=True)
    triple = host()
    command = [CARGO, "build", "--release", "--locked", "--manifest-path", HERE / "Cargo.toml"]
    # With a triple, build scripts are built without these flags.
    command += ["--target", triple, "--target-dir", OUT / "build"]
    subprocess.run(command, check=True, env=environment())
    return OUT / "build" / triple / "release"


def environment():
    flags = ["--cfg", "fuzzing", *COVERAGE, sanitizer()]
    variables = {name: value for name, value in os.environ.items() if name != "RUSTFLAGS"}
    return {
        **variables,
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
        # The sanitizers are behind a flag of the nightly compiler, and work in every one.
        "RUSTC_BOOTSTRAP": "1",
    }


def sanitizer():
    """It left its flag of the nightly compiler for one of all, in newer ones."""
    known = output([RUSTC, "-C", "help"])
    return "-Csanitizer=address" if " sanitizer=" in known else "-Zsanitizer=address"


def host():
    lines = output([RUSTC, "-vV"]).splitlines()
    return next(line.partition(": ")[2] for line in lines if line.startswith("host: "))


def output(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
