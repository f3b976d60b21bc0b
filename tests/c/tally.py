"""What the tests count: how a program ended, and what a checker said of it."""

import os
import re
import subprocess

SECONDS = 600


class Tally:
    passed = 0
    failed = 0

    def add(self, passed, failed):
        self.passed += passed
        self.failed += failed


def start(command, **environment):
    """Runs a command to its end and returns its exit status and all that it printed."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            env={**os.environ, **environment},
        )
    except subprocess.TimeoutExpired as slow:
        return "a timeout", (slow.stdout or b"").decode(errors="replace")
    return done.returncode, done.stdout.decode(errors="replace")


def count(pattern, text):
    return sum(int(number) for number in re.findall(pattern, text))


def run_group(tally, command, name, **environment):
    """One cmocka program. A crash or a report of a checker fails it, whatever it has counted."""
    status, text = start(command, **environment)
    passed = count(r"\[  PASSED  \] (\d+) test", text)
    failed = count(r"\[  FAILED  \] (\d+) test", text)
    skipped = count(r"\[  SKIPPED \] (\d+) test", text)
    if (status != 0 or passed + skipped == 0) and failed == 0:
        failed = 1
    tally.add(passed, failed)
    note = f", {skipped} skipped" if skipped else ""
    print(f"{name}: {passed} passed, {failed} failed{note} (exit {status})", flush=True)
    if failed:
        print(text, flush=True)


def expect_report(tally, command, sign, name, **environment):
    """A planted fault: the checker has to fail the program, and to say why."""
    status, text = start(command, **environment)
    found = status not in (0, "a timeout") and sign in text
    tally.add(int(found), int(not found))
    print(f"{name}: {'found' if found else f'NOT FOUND (exit {status})'}", flush=True)
    if not found:
        print(text, flush=True)
