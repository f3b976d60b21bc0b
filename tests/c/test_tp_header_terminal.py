"""tp-header on a real terminal, and when it is interrupted."""

import json
import os
import pty
import select
import signal
import subprocess
import termios
import time
import unittest
from fcntl import ioctl
from pathlib import Path

from tp_header import INSTITUTE, PROGRAM, environment, fault

PROMPT = b"Password: "
CTRL_C, CTRL_D, CTRL_Z = b"\x03", b"\x04", b"\x1a"


class Terminal:
    """A pseudo-terminal with a program on it that has it as its controlling terminal."""

    def __init__(self, *command, stdout=None, **variables):
        self.keyboard, self.line = pty.openpty()
        self.settings = termios.tcgetattr(self.line)
        self.shown = b""
        self.program = subprocess.Popen(
            command,
            stdin=self.line,
            stdout=stdout or self.line,
            stderr=self.line,
            start_new_session=True,
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
            env=environment(**variables),
        )

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        os.close(self.keyboard)
        os.close(self.line)

    def type(self, text):
        os.write(self.keyboard, text)

    def read_until(self, wanted, times=1, seconds=20):
        deadline = time.monotonic() + seconds
        while self.shown.count(wanted) < times:
            left = deadline - time.monotonic()
            if left < 0 or not select.select([self.keyboard], [], [], left)[0]:
                raise AssertionError(f"{wanted} did not come; what came: {self.shown}")
            self.shown += os.read(self.keyboard, 4096)

    def end(self):
        status = self.program.wait(30)
        while select.select([self.keyboard], [], [], 0.1)[0]:
            self.shown += os.read(self.keyboard, 4096)
        return status

    def echoes(self):
        return bool(termios.tcgetattr(self.line)[3] & termios.ECHO)


class Prompt(unittest.TestCase):
    def test_it_asks_without_echo_and_leaves_the_terminal_as_it_was(self):
        with Terminal(PROGRAM, INSTITUTE, "testpress") as terminal:
            terminal.read_until(PROMPT)
            self.assertFalse(terminal.echoes())
            terminal.type(b"demo\n")
            self.assertEqual(terminal.end(), 0)
            self.assertEqual(termios.tcgetattr(terminal.line), terminal.settings)
            self.assertNotIn(b"demo", terminal.shown.replace(b"Password", b""))
            self.assertRegex(terminal.shown, rb"\APassword: \r\nAuthorization: JWT eyJ\S+\r\n\Z")

    def test_only_the_header_goes_to_standard_output(self):
        with Terminal(PROGRAM, INSTITUTE, "testpress", stdout=subprocess.PIPE) as terminal:
            terminal.read_until(PROMPT)
            terminal.type(b"demo\n")
            header = terminal.program.stdout.read()
            self.assertEqual(terminal.end(), 0)
            self.assertRegex(header, rb"\AAuthorization: JWT eyJ\S+\n\Z")
            terminal.program.stdout.close()

    def test_a_wrong_password_is_refused(self):
        with Terminal(PROGRAM, INSTITUTE, "testpress") as terminal:
            terminal.read_until(PROMPT)
            terminal.type(b"s3cret-canary\n")
            self.assertEqual(terminal.end(), 1)
            self.assertNotIn(b"s3cret", terminal.shown)

    def test_nothing_is_an_answer_too(self):
        for keys in b"\n", CTRL_D:
            with Terminal(PROGRAM, INSTITUTE, "testpress") as terminal:
                terminal.read_until(PROMPT)
                terminal.type(keys)
                self.assertEqual(terminal.end(), 2)
                self.assertIn(b"the password is empty", terminal.shown)
                self.assertTrue(terminal.echoes())

    def test_a_line_that_the_terminal_cuts_is_refused(self):
        with Terminal(PROGRAM, INSTITUTE, "testpress") as terminal:
            terminal.read_until(PROMPT)
            for _ in range(50):
                terminal.type(b"x" * 100)
                time.sleep(0.005)
            terminal.type(b"\n")
            self.assertEqual(terminal.end(), 2)
            self.assertIn(b"pipe the password in", terminal.shown)

    def test_a_mistake_is_told_before_asking(self):
        with Terminal(PROGRAM, "a b", "testpress") as terminal:
            self.assertEqual(terminal.end(), 2)
            self.assertNotIn(PROMPT, terminal.shown)

    def test_signals_that_end_it_restore_the_terminal(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT:
            with Terminal(PROGRAM, INSTITUTE, "testpress") as terminal:
                terminal.read_until(PROMPT)
                terminal.program.send_signal(number)
                self.assertEqual(terminal.end(), -number)
                self.assertTrue(terminal.echoes())

    def test_ctrl_c_restores_the_terminal(self):
        with Terminal(PROGRAM, INSTITUTE, "testpress") as terminal:
            terminal.read_until(PROMPT)
            terminal.type(b"dem" + CTRL_C)
            self.assertEqual(terminal.end(), -signal.SIGINT)
            self.assertTrue(terminal.echoes())

    def test_ctrl_z_gives_the_terminal_back_and_asks_again(self):
        # With job control, as at a prompt: what follows the program runs when it has stopped.
        script = '"$0" "$@"; stty -a | grep -o " -*echo "; echo stopped; fg >/dev/null'
        with Terminal("bash", "-mc", script, PROGRAM, INSTITUTE, "testpress") as terminal:
            terminal.read_until(PROMPT)
            terminal.type(b"half a pass" + CTRL_Z)
            terminal.read_until(b"stopped")
            self.assertIn(b" echo ", terminal.shown)
            self.assertNotIn(b" -echo ", terminal.shown)
            terminal.read_until(PROMPT, times=2)
            self.assertFalse(terminal.echoes())
            terminal.type(b"demo\n")
            self.assertEqual(terminal.end(), 0)
            self.assertIn(b"Authorization: JWT eyJ", terminal.shown)
            self.assertTrue(terminal.echoes())


class Interrupted(unittest.TestCase):
    def stalled(self, **variables):
        return Terminal(PROGRAM, *fault("accept-silent"), "testpress", **variables)

    def test_ctrl_c_ends_a_stalled_login_at_once(self):
        with self.stalled() as terminal:
            terminal.read_until(PROMPT)
            terminal.type(b"demo\n")
            terminal.read_until(b"\r\n")
            time.sleep(0.3)
            self.assertIsNone(terminal.program.poll())
            started = time.monotonic()
            terminal.type(CTRL_C)
            self.assertEqual(terminal.end(), -signal.SIGINT)
            self.assertLess(time.monotonic() - started, 0.5)
            self.assertTrue(terminal.echoes())
            self.assertNotIn(b"Authorization", terminal.shown)
            # It gave up the login, and did not just die: the password is wiped by then.
            self.assertIn(b"cancelled", terminal.shown)

    def test_a_cancelled_login_is_told_in_json_too(self):
        command = [PROGRAM, "--json", *fault("accept-silent"), "u"]
        with Terminal(*command, stdout=subprocess.PIPE, TESTPRESS_PASSWORD="x") as terminal:
            time.sleep(0.3)
            terminal.type(CTRL_C)
            self.assertEqual(json.load(terminal.program.stdout)["status"], "TP_E_CANCELLED")
            self.assertEqual(terminal.end(), -signal.SIGINT)
            terminal.program.stdout.close()

    def test_a_shell_sees_130(self):
        # Without a trap the shell would be ended by the Ctrl-C as well, as a script should be.
        script = 'trap : INT; "$0" "$@"; echo "code $?"'
        command = ["bash", "-c", script, PROGRAM, *fault("accept-silent"), "testpress"]
        with Terminal(*command, TESTPRESS_PASSWORD="demo") as terminal:
            time.sleep(0.5)
            terminal.type(CTRL_C)
            terminal.read_until(b"code 130")

    def test_other_signals_end_it_too(self):
        for number in signal.SIGTERM, signal.SIGHUP:
            with self.stalled(TESTPRESS_PASSWORD="demo") as terminal:
                time.sleep(0.3)
                terminal.program.send_signal(number)
                self.assertEqual(terminal.end(), -number)

    def test_what_was_ignored_stays_ignored(self):
        command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", PROGRAM, "-t", "1"]
        with Terminal(*command, *fault("accept-silent"), "u", TESTPRESS_PASSWORD="x") as terminal:
            time.sleep(0.3)
            terminal.program.send_signal(signal.SIGHUP)
            self.assertEqual(terminal.end(), 3)

    def test_no_other_user_sees_the_password(self):
        canary = b"s3cret-canary"
        with self.stalled(TESTPRESS_PASSWORD=canary.decode()) as terminal:
            time.sleep(0.3)
            for name in "cmdline", "environ":
                content = Path(f"/proc/{terminal.program.pid}/{name}").read_bytes()
                self.assertIn(b"testpress", content.lower())
                self.assertNotIn(canary, content)
            terminal.type(CTRL_C)
            terminal.end()
            self.assertNotIn(canary, terminal.shown)


if __name__ == "__main__":
    unittest.main()
