"""tp-header as a shell sees it: where the password comes from, what comes out, the exit codes."""

import base64
import json
import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tp_header import FAULTS_CA, INSTITUTE, PROGRAM, environment, fault, run

CANARY = "s3cret-canary"


class Password(unittest.TestCase):
    def assert_logged_in(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rb"\AAuthorization: JWT eyJ[\w.-]+\n\Z")
        self.assertEqual(done.stderr, b"")

    def test_from_standard_input(self):
        for line in "demo", "demo\n", "demo\r\n", "demo\nsecond line\n":
            self.assert_logged_in(run(INSTITUTE, "testpress", stdin=line))

    def test_every_character_of_it_counts(self):
        self.assert_logged_in(run(INSTITUTE, "unicode", stdin="clé-é-🔑\n"))
        self.assert_logged_in(run(INSTITUTE, "quotes", stdin='it\'s "50%" & \\back\\\\slash\r\n'))
        for other in "demo\r\r\n", "demo\r", "demo\t", "Demo\n":
            self.assertNotIn(b"eyJ", run(INSTITUTE, "unicode", stdin=other).stdout)

    def test_from_the_environment_before_standard_input(self):
        self.assert_logged_in(run(INSTITUTE, "testpress", stdin="wrong", TESTPRESS_PASSWORD="demo"))

    def test_the_rest_of_standard_input_is_left_for_others(self):
        script = '"$1" "$2" testpress >/dev/null && cat'
        done = subprocess.run(
            ["sh", "-c", script, "sh", PROGRAM, INSTITUTE],
            input=b"demo\nfor somebody else\n",
            capture_output=True,
            env=environment(),
        )
        self.assertEqual(done.stdout, b"for somebody else\n")

    def test_none_at_all(self):
        for stdin in "", "\n", "\r\n":
            done = run(INSTITUTE, "testpress", stdin=stdin)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"the password is empty", done.stderr)
        done = run(INSTITUTE, "testpress", stdin="demo", TESTPRESS_PASSWORD="")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"the password in TESTPRESS_PASSWORD is empty", done.stderr)

    def test_too_long_or_with_a_nul(self):
        too_long = CANARY * 6000
        for done in (
            run(INSTITUTE, "testpress", stdin=too_long),
            run(INSTITUTE, "testpress", TESTPRESS_PASSWORD=too_long),
        ):
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"64 KiB", done.stderr)
            self.assertNotIn(CANARY.encode(), done.stderr)
        self.assertEqual(run(INSTITUTE, "testpress", stdin="de\0mo\n").returncode, 2)
        self.assertEqual(run(INSTITUTE, "testpress", stdin="x" * 65536).returncode, 1)

    def test_standard_input_is_closed(self):
        done = subprocess.run(
            ["sh", "-c", '"$1" "$2" testpress <&-', "sh", PROGRAM, INSTITUTE],
            capture_output=True,
            env=environment(),
        )
        self.assertEqual(done.returncode, 2, done.stderr)


class CommandLine(unittest.TestCase):
    def test_a_password_there_is_refused_and_not_repeated(self):
        for extra in [CANARY], ["--", CANARY], ["-" + CANARY], ["--" + CANARY], ["-o" + CANARY]:
            done = run(INSTITUTE, "testpress", *extra, stdin="demo")
            self.assertEqual((done.returncode, done.stdout), (2, b""), extra)
            self.assertNotIn(CANARY.encode(), done.stderr)
        done = run(INSTITUTE, "testpress", CANARY)
        self.assertIn(b"never taken from the command line", done.stderr)
        self.assertIn(b"TESTPRESS_PASSWORD", done.stderr)

    def test_mistakes(self):
        for arguments in (
            [],
            [INSTITUTE],
            ["-o"],
            ["-o", "=1", INSTITUTE, "u"],
            ["-t", "soon", INSTITUTE, "u"],
            ["-t", "0", INSTITUTE, "u"],
            ["-t", "nan", INSTITUTE, "u"],
            ["-t", "86401", INSTITUTE, "u"],
            ["-o", "no_such_option=1", INSTITUTE, "u"],
            ["-o", "retries=99", INSTITUTE, "u"],
            ["a b", "u"],
        ):
            done = run(*arguments, stdin="demo")
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertRegex(done.stderr, rb"\Atp-header: ")

    def test_help_and_version(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(b"Exit codes:", done.stdout)
        self.assertRegex(
            run("-V").stdout, rb"\Atp-header [\d.]+ \(libtestpress [\d.]+, ABI \d+\)\n\Z"
        )

    def test_options_stand_anywhere_and_reach_the_library(self):
        done = run(INSTITUTE, "-o", "api_version=v9.9", "testpress", stdin="demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"404", done.stderr)
        started = time.monotonic()
        done = run("--timeout", "0.3", *fault("accept-silent"), "u", stdin="demo")
        self.assertEqual(done.returncode, 3)
        self.assertLess(time.monotonic() - started, 2)


class ExitCodes(unittest.TestCase):
    def assert_exit(self, code, *arguments):
        done = run(*arguments, stdin=CANARY if arguments[-1] == "wrong" else "demo")
        self.assertEqual(done.returncode, code, (arguments, done.stderr))
        self.assertEqual(done.stdout, b"")
        self.assertRegex(done.stderr, rb"\Atp-header: .+\n")
        self.assertNotIn(CANARY.encode(), done.stderr)

    def test_refused(self):
        run(INSTITUTE, "throttled", stdin="demo")
        for user in "wrong", "inactive", "locked", "devices", "throttled":
            self.assert_exit(1, INSTITUTE, user)

    def test_no_answer(self):
        self.assert_exit(3, *fault("dead-port"), "u")
        self.assert_exit(3, "-o", f"ca_file={FAULTS_CA}", INSTITUTE, "testpress")
        self.assert_exit(3, "-t", "0.2", *fault("accept-silent"), "u")

    def test_the_server_is_ill(self):
        for name in "server-error-html", "captive-portal", "json-truncated", "gzip":
            self.assert_exit(4, *fault(name), "u")

    def test_the_library_has_another_abi(self):
        with tempfile.TemporaryDirectory() as directory:
            other = Path(directory) / "other.so"
            source = b"#include <stdint.h>\nint32_t tp_abi_version(void) { return 2; }\n"
            command = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", other]
            subprocess.run(command, input=source, check=True)
            done = run(INSTITUTE, "testpress", stdin="demo", LD_PRELOAD=str(other))
        self.assertEqual((done.returncode, done.stdout), (5, b""))
        self.assertIn(b"ABI 2", done.stderr)

    def test_the_servers_own_words_are_told(self):
        done = run(INSTITUTE, "testpress", stdin=CANARY)
        self.assertIn(b"the server says: Unable to log in", done.stderr)


class Output(unittest.TestCase):
    def shell(self, redirection):
        return subprocess.run(
            ["sh", "-c", f'"$1" "$2" testpress {redirection}', "sh", PROGRAM, INSTITUTE],
            capture_output=True,
            env=environment(TESTPRESS_PASSWORD="demo"),
        )

    def test_closed(self):
        done = self.shell(">&-")
        self.assertEqual(done.returncode, 6)
        self.assertIn(b"closed", done.stderr)

    def test_full_disk(self):
        done = self.shell(">/dev/full")
        self.assertEqual(done.returncode, 6)
        self.assertIn(b"No space left", done.stderr)

    def test_nobody_reads(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [PROGRAM, INSTITUTE, "testpress"],
            stdout=writer,
            stderr=subprocess.PIPE,
            env=environment(TESTPRESS_PASSWORD="demo"),
        )
        os.close(writer)
        self.assertEqual(done.returncode, 6)
        self.assertIn(b"Broken pipe", done.stderr)

    def test_curl_reads_the_header(self):
        script = (
            '"$1" "$2" testpress | '
            'curl -sS --fail --cacert "$SSL_CERT_FILE" -H @- "$2/api/v2.2/me/"'
        )
        done = subprocess.run(
            ["sh", "-c", script, "sh", PROGRAM, INSTITUTE],
            capture_output=True,
            env=environment(TESTPRESS_PASSWORD="demo"),
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["username"], "testpress")


class Json(unittest.TestCase):
    def test_a_login(self):
        done = run("--json", INSTITUTE, "testpress", stdin="demo")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        told = json.loads(done.stdout)
        self.assertEqual((told["status"], told["code"]), ("TP_OK", 0))
        self.assertEqual(told["header"], "Authorization: " + told["authorization"])
        self.assertRegex(told["authorization"], r"\AJWT eyJ")
        self.assertEqual(told["origin"], INSTITUTE)
        self.assertEqual((told["username"], told["user_id"]), ("testpress", 17))
        self.assertEqual(told["email"], "testpress@example.com")
        payload = told["authorization"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.assertEqual(told["claims"], claims)
        self.assertEqual(told["expires_at"], claims["exp"])
        self.assertAlmostEqual(told["expires_in"], claims["exp"] - time.time(), delta=5)

    def test_a_refusal(self):
        done = run("-j", INSTITUTE, "testpress", stdin=CANARY)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn(CANARY.encode(), done.stdout + done.stderr)
        told = json.loads(done.stdout)
        body = json.loads(told.pop("server_body"))
        self.assertEqual(body, {"non_field_errors": [told["server_message"]]})
        self.assertIn("rejected", told.pop("message"))
        expected = {
            "status": "TP_E_REJECTED",
            "code": 20,
            "http_status": 400,
            "server_code": None,
            "server_message": "Unable to log in with provided credentials.",
            "retry_after": None,
            "retryable": False,
            "request_sent": True,
        }
        self.assertEqual(told, expected)

    def test_a_wait(self):
        told = json.loads(run("-j", *fault("throttled"), "u", stdin="demo").stdout)
        self.assertEqual((told["retry_after"], told["retryable"]), (60, True))

    def test_what_never_reached_a_server(self):
        for arguments, stdin in (["-o", "x=1", "demo", "u"], "demo"), (["demo", "u"], ""):
            done = run("-j", *arguments, stdin=stdin)
            told = json.loads(done.stdout)
            self.assertEqual((done.returncode, told["status"]), (2, "TP_E_INVALID_ARGUMENT"))
            self.assertEqual((told["http_status"], told["request_sent"]), (None, False))

    def test_odd_claims(self):
        for name in "username-control", "claims-array", "no-exp", "claims-deep", "exp-most":
            done = run("-j", *fault(name), "u", stdin="demo")
            self.assertEqual(done.returncode, 0, (name, done.stderr))
            self.assertEqual(json.loads(done.stdout)["status"], "TP_OK")


if __name__ == "__main__":
    unittest.main()
