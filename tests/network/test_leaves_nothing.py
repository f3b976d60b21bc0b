"""However a run ends, its hosts go with it."""

import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import namespaces
from case import WherePermitted

HERE = Path(__file__).resolve().parent
RUN = """
import sys
from hosts import Hosts
hosts = Hosts()
institute = hosts.serve("ok")
print(institute.ca_file, flush=True)
sys.stdin.readline()
raise RuntimeError("a test that breaks")
"""


class LeavesNothing(WherePermitted):
    def start(self):
        """A process with two hosts, and a file of its server."""
        process = subprocess.Popen(
            [sys.executable, "-B", "-c", RUN],
            env={**os.environ, "PYTHONPATH": str(HERE)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        ca_file = Path(process.stdout.readline().strip())
        self.assertTrue(ca_file.is_file())
        self.assertEqual(len(left_by(process)), 3)
        return process, ca_file

    def assert_nothing_left(self, process, ca_file):
        self.assertEqual(left_by(process), [])
        self.assertFalse(ca_file.exists())

    def test_after_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                process, ca_file = self.start()
                process.send_signal(number)
                process.communicate(timeout=60)
                self.assertNotEqual(process.returncode, 0)
                self.assert_nothing_left(process, ca_file)

    def test_after_a_failure(self):
        process, ca_file = self.start()
        _, errors = process.communicate("\n", timeout=60)
        self.assertIn("a test that breaks", errors)
        self.assert_nothing_left(process, ca_file)

    def test_what_a_killed_run_has_left_is_removed_by_the_next(self):
        killed, _ = self.start()
        killed.kill()
        killed.communicate()
        self.assertEqual(len(left_by(killed)), 3)
        self.start()
        self.assertEqual(left_by(killed), [])


def left_by(process):
    """Namespaces, and the files of one."""
    folders = (namespaces.MOUNTED, namespaces.FILES)
    return [path for folder in folders for path in folder.glob(f"testpress-*-{process.pid}")]


if __name__ == "__main__":
    unittest.main()
