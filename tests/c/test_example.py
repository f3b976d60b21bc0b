"""bindings/c/example.c, the program that people copy."""

import http.server
import json
import subprocess
import threading
import unittest
from pathlib import Path

from tp_header import PROGRAMS, ROOT, environment, fault

EXAMPLE = str(PROGRAMS / "example")


def run(*wrapper, **variables):
    return subprocess.run(
        [*wrapper, EXAMPLE], capture_output=True, timeout=120, env=environment(**variables)
    )


class Fickle(http.server.ThreadingHTTPServer):
    """Lets everybody log in, and refuses what comes after with that status."""

    def __init__(self, status):
        self.status = status
        super().__init__(("127.0.0.1", 0), Answers)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answers(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b'{"token":"a.b.c"}')

    def do_GET(self):
        self.answer(self.server.status, b"{}")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *unused):
        pass


class Example(unittest.TestCase):
    def test_it_prints_the_profile_and_a_line(self):
        done = run()
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        profile, line = done.stdout.decode().rstrip("\n").rsplit("\n", 1)
        self.assertEqual(json.loads(profile)["email"], "testpress@example.com")
        self.assertRegex(line, r"\AC ok testpress Authorization: JWT eyJ[\w-]{5}…\Z")

    def test_every_failure_is_told(self):
        for variables in (
            {"TESTPRESS_PASSWORD": "wrong"},
            {"TESTPRESS_INSTITUTE": "a b"},
            {"TESTPRESS_INSTITUTE": fault("dead-port")[-1]},
            {"SSL_CERT_FILE": "/dev/null"},
        ):
            done = run(**variables)
            self.assertEqual((done.returncode, done.stdout), (1, b""), variables)
            self.assertNotEqual(done.stderr, b"")

    def test_a_refused_profile_is_a_failure(self):
        for status in 301, 401, 403, 500:
            with Fickle(status) as server:
                done = run(TESTPRESS_INSTITUTE=server.origin)
                self.assertNotIn(b"C ok", done.stdout)
                self.assertIn(f"HTTP {status}".encode(), done.stderr)
                self.assertEqual(done.returncode, 1)

    def test_it_frees_everything(self):
        known = Path(__file__).with_name("valgrind.supp")
        checked = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full"]
        checked.append(f"--suppressions={known}")
        # The suppressions name functions, which the library has before it is stripped.
        named = {"LD_LIBRARY_PATH": str(ROOT / "target/dist/debug")}
        self.assertEqual(run(*checked, **named).returncode, 0)
        self.assertEqual(run(*checked, TESTPRESS_PASSWORD="wrong", **named).returncode, 1)


if __name__ == "__main__":
    unittest.main()
