"""How `run` starts an institute, runs a command and leaves nothing behind.

python3 -m unittest discover -s tests/institute -p test_run.py
"""

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import packages

RUN = Path(__file__).resolve().parent / "run"

# Says where it runs, then waits to be stopped.
WAIT = ["sh", "-c", "echo $TESTPRESS_INSTITUTE $SSL_CERT_FILE && exec sleep 100"]
ASK = "import calls; print(calls.login('testpress').status)"


class RunCase(unittest.TestCase):
    """Every run has a temporary directory of its own, by which its processes are known."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def start(self, *command, **options):
        environment = {**os.environ, "TMPDIR": str(self.directory), **options.pop("env", {})}
        process = subprocess.Popen(
            [sys.executable, RUN, *command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def finish(self, *command, **options):
        process = self.start(*command, **options)
        process.output, process.errors = process.communicate(timeout=120)
        return process

    def assert_nothing_left(self):
        deadline = time.monotonic() + 10
        while processes_with(self.directory) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(processes_with(self.directory), [])


def processes_with(directory):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(directory).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes())
    return found


def ignore_hangup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


class TheCommand(RunCase):
    def test_its_exit_status_is_passed_on(self):
        for script, status in (("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 128 + 9)):
            with self.subTest(script):
                self.assertEqual(self.finish("sh", "-c", script).returncode, status)
        self.assert_nothing_left()
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_one_that_cannot_be_run_has_a_status_of_its_own(self):
        missing = self.finish("/no/such/command")
        self.assertEqual(missing.returncode, 127)
        self.assertEqual(missing.errors, "institute: /no/such/command: No such file or directory\n")
        self.assertEqual(self.finish("/dev/null").returncode, 126)

    def test_its_arguments_and_streams_are_its_own(self):
        reader, writer = os.pipe()
        os.write(writer, b"given ")
        os.close(writer)
        script = f'cat; cat /dev/fd/{reader}; printf "%s|" "$@"'
        command = ["sh", "-c", script, "sh", "a b", "", "--help", "é"]
        with tempfile.TemporaryFile() as stdin:
            stdin.write(b"typed ")
            stdin.seek(0)
            process = self.finish(*command, stdin=stdin, pass_fds=[reader])
        os.close(reader)
        self.assertEqual((process.output, process.errors), ("typed given a b||--help|é|", ""))

    def test_it_reaches_the_institute_whatever_the_surroundings(self):
        hostile = {
            "LC_ALL": "C",
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "PORT": "x",
            "WEB_CONCURRENCY": "x",
            "GUNICORN_CMD_ARGS": "--bind x",
            "DJANGO_SETTINGS_MODULE": "x",
        }
        command = [sys.executable, "-c", ASK]
        process = self.finish(*command, cwd="/", env={**hostile, "PYTHONPATH": str(RUN.parent)})
        self.assertEqual((process.output, process.errors), ("201\n", ""))

    def test_it_runs_with_closed_standard_streams(self):
        script = '"$@" <&- >&- 2>&-'
        command = ["sh", "-c", script, "sh", sys.executable, RUN, "sh", "-c", "exit 5"]
        self.assertEqual(subprocess.run(command, timeout=60).returncode, 5)

    def test_two_at_once_have_an_institute_each(self):
        processes = [self.start(*WAIT) for _ in range(2)]
        addresses = {process.stdout.readline() for process in processes}
        self.assertEqual(len(addresses), 2)
        for process in processes:
            process.terminate()
            process.communicate(timeout=60)
        self.assert_nothing_left()


class Stopping(RunCase):
    def test_a_signal_ends_the_command_and_the_server(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                process = self.start(*WAIT, start_new_session=True)
                self.assertIn("https://localhost:", process.stdout.readline())
                process.send_signal(number)
                process.communicate(timeout=60)
                self.assertEqual(process.returncode, 128 + number)
                self.assert_nothing_left()
                self.assertEqual(list(self.directory.iterdir()), [])

    def test_a_signal_while_the_server_starts(self):
        for delay in (0.1, 0.2, 0.3, 0.4, 0.5):
            with self.subTest(delay):
                process = self.start(*WAIT, start_new_session=True)
                time.sleep(delay)
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)
                self.assertIn(process.returncode, (-signal.SIGTERM, 128 + signal.SIGTERM))
                self.assert_nothing_left()

    def test_nohup_is_respected(self):
        process = self.start(*WAIT, preexec_fn=ignore_hangup, start_new_session=True)
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)

    @unittest.skipUnless(sys.platform == "linux", "only Linux tells a child that its parent died")
    def test_being_killed_leaves_no_process(self):
        process = self.start(*WAIT, start_new_session=True)
        process.stdout.readline()
        self.assertGreaterEqual(len(processes_with(self.directory)), 4)
        process.kill()
        self.assert_nothing_left()

    def test_without_a_command_it_serves_until_interrupted(self):
        process = self.start(start_new_session=True)
        lines = [process.stdout.readline() for _ in range(2)]
        self.assertRegex(lines[0], "^export TESTPRESS_INSTITUTE=https://localhost:[0-9]+\n$")
        self.assertRegex(lines[1], "^export SSL_CERT_FILE=.*/ca.pem\n$")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assert_nothing_left()

    def test_a_server_that_does_not_start_shows_its_log(self):
        process = self.finish("true", env={"INSTITUTE_TOKEN_SECONDS": "never"})
        self.assertEqual(process.returncode, 125)
        self.assertIn("institute: the server did not start", process.errors)
        self.assertIn("ValueError: invalid literal for int()", process.errors)
        self.assert_nothing_left()


class Packages(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.patch(mock.patch.dict(os.environ, {"INSTITUTE_BUILD_DIR": directory.name}))
        self.patch(contextlib.redirect_stderr(io.StringIO()))
        self.execute = self.patch(mock.patch.object(packages, "execute"))

    def patch(self, patcher):
        self.addCleanup(patcher.__exit__, None, None, None)
        return patcher.__enter__()

    def test_they_are_installed_once(self):
        self.assertEqual(packages.python(), packages.python())
        self.assertEqual(self.execute.call_count, 2)

    def test_an_interrupted_installation_is_started_afresh(self):
        self.execute.side_effect = KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            packages.python()
        self.execute.side_effect = None
        home = packages.python().parents[1]
        self.assertEqual(self.execute.call_count, 3)
        self.assertEqual({path.name for path in home.parent.iterdir()}, {home.name, "lock"})

    def test_other_pins_are_another_environment(self):
        before = packages.key()
        with tempfile.NamedTemporaryFile() as other:
            self.patch(mock.patch.object(packages, "REQUIREMENTS", Path(other.name)))
            self.assertNotEqual(packages.key(), before)

    def test_an_old_python_is_named(self):
        self.patch(mock.patch.object(packages, "OLDEST_PYTHON", (99, 0)))
        with self.assertRaisesRegex(RuntimeError, "this is " + sys.version.split()[0]):
            packages.python()

    def test_a_missing_venv_is_installed_by_root_on_debian_only(self):
        self.patch(mock.patch.object(packages.importlib.util, "find_spec", return_value=None))
        self.patch(mock.patch.object(packages.shutil, "which", return_value="/usr/bin/apt-get"))
        user = self.patch(mock.patch.object(packages.os, "geteuid", return_value=1000))
        with self.assertRaisesRegex(RuntimeError, "python3-venv"):
            packages.python()
        user.return_value = 0
        packages.python()
        commands = [call.args[0] for call in self.execute.call_args_list]
        self.assertEqual(commands[:2], ["apt-get", "apt-get"])


if __name__ == "__main__":
    unittest.main()
