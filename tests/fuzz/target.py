"""One target: its program, its corpus, and what libFuzzer says of a run."""

import os
import re
import shlex
import subprocess
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent

LENGTH = 4096
# Where more is needed to reach a limit: 64 KiB of an answer; 8 KiB of a token, a body or a head.
LENGTHS = {
    "answer": 70_000,
    "claims": 12_000,
    "pieces": 12_000,
    "refusal": 12_000,
    "tunnel": 12_000,
}
# What reads the same as another shares its corpus and dictionary.
LIKE = {"pieces": "answer"}
# An input that is kept for ever is a small one.
KEPT_LENGTH = 2048
# One input. A busy machine is slow; what hangs, hangs.
INPUT_SECONDS = 25
# What a program may take beyond its time: to start, to read the corpus and to end.
GRACE_SECONDS = 180
MEGABYTES = 1024

EXECUTIONS = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
EXECUTED = re.compile(r"^Executed .* in \d+ ms$", re.MULTILINE)
SPEED = re.compile(r"^stat::average_exec_per_sec:\s*(\d+)", re.MULTILINE)
COVERAGE = re.compile(r"\bcov: (\d+)")
INPUT = re.compile(r"(?:^Running: |Test unit written to )(.*)$", re.MULTILINE)
SAID = re.compile(r"^(thread '.*panicked at|==\d+== ?ERROR|SUMMARY:|ALARM:)", re.MULTILINE)

# Of the words of a failure: the first tell what, the stack tells where.
SHOWN_LINES = 30

# One program at a time says something.
SAYING = threading.Lock()


class Target:
    def __init__(self, name, program, out):
        self.name = name
        self.program = program
        self.corpus = HERE / "corpus" / LIKE.get(name, name)
        self.found = out / "corpus" / name
        self.findings = out / "findings" / name
        self.process = None
        self.stopped = False

    def search(self, seconds):
        """Looks for new inputs. True when none of them is a finding."""
        limits = [f"-max_total_time={seconds}", f"-max_len={LENGTHS.get(self.name, LENGTH)}"]
        return self.run([*limits, *self.dictionary(), self.found, self.corpus], seconds)

    def inputs(self):
        return sorted(self.corpus.iterdir()) if self.corpus.is_dir() else []

    def replay(self, inputs=None):
        """Runs every input of the corpus, or these."""
        inputs = inputs or self.inputs()
        return self.run(inputs, INPUT_SECONDS * len(inputs))

    def merge(self):
        """Adds to the committed corpus what was found and reaches code that nothing there does."""
        options = ["-set_cover_merge=1", "-use_counters=0", f"-max_len={KEPT_LENGTH}"]
        return self.run([*options, self.corpus, self.found], 3600)

    def dictionary(self):
        path = HERE / "dictionaries" / f"{LIKE.get(self.name, self.name)}.dict"
        return [f"-dict={path}"] if path.exists() else []

    def run(self, arguments, seconds):
        self.found.mkdir(parents=True, exist_ok=True)
        self.findings.mkdir(parents=True, exist_ok=True)
        command = [
            self.program,
            f"-artifact_prefix={self.findings}/",
            f"-timeout={INPUT_SECONDS}",
            f"-rss_limit_mb={MEGABYTES}",
            "-print_final_stats=1",
            *arguments,
        ]
        status, output = self.execute(command, seconds + GRACE_SECONDS)
        with SAYING:
            if status == 0:
                self.report(output)
            elif not self.stopped:
                self.report_failure(status, output)
        return status == 0

    def execute(self, command, seconds):
        with tempfile.TemporaryDirectory(prefix="testpress-fuzz-") as directory:
            return self.execute_in(directory, command, seconds)

    def execute_in(self, directory, command, seconds):
        """What the program makes in the temporary directory goes with it."""
        self.process = subprocess.Popen(
            command,
            env={**environment(), "TMPDIR": directory},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if self.stopped:
            self.process.kill()
        try:
            output = self.process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            output = self.process.communicate()[0] + f"\nstopped after {seconds} s\n"
        return self.process.returncode, output

    def stop(self):
        self.stopped = True
        if self.process:
            self.process.kill()

    def report(self, output):
        inputs = len(EXECUTED.findall(output))
        if inputs:
            print(f"{self.name}: {inputs} inputs", flush=True)
            return
        executions, edges = last(EXECUTIONS, output), last(COVERAGE, output)
        if executions is None:
            kept = len(self.inputs())
            print(f"{self.name}: {kept} inputs in the corpus, {edges} edges", flush=True)
            return
        speed = last(SPEED, output)
        print(f"{self.name}: {executions} executions, {speed}/s, {edges} edges", flush=True)

    def report_failure(self, status, output):
        said = SAID.search(output)
        lines = output[said.start() :].splitlines() if said else output.splitlines()[-SHOWN_LINES:]
        log = self.findings / "log"
        log.write_text(output)
        print(f"==== {self.name} failed ({status}); {log} has all that it said")
        print(*lines[:SHOWN_LINES], sep="\n")
        path = last(INPUT, output)
        if path:
            rerun = f"tests/fuzz/run --input {shlex.quote(path)} {self.name}"
            print(f"{self.name}: the input is in {path}", f"once more: {rerun}", sep="\n")
        print(end="", flush=True)


def last(pattern, output):
    found = pattern.findall(output)
    return found[-1] if found else None


def environment():
    """The surroundings are the same everywhere: no proxy, and one certificate authority."""
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("SSL_CERT_", "ASAN_"))
    }
    # A quarter faster: safe Rust keeps no pointer into a stack that is gone, and what is used after
    # it was freed is used soon.
    options = "detect_stack_use_after_return=0:quarantine_size_mb=32"
    return {**variables, "SSL_CERT_FILE": str(HERE / "ca.pem"), "ASAN_OPTIONS": options}
