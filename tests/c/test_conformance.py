"""The logins that every language's suite runs, through the C ABI as `tp-header --json` shows it."""

import json
import unittest

from tp_header import INSTITUTE, ROOT, fault, run

CASES = json.loads((ROOT / "tests/conformance/cases.json").read_text(encoding="utf-8"))


def log_in(case):
    """What tp-header tells, with exit code and JSON in agreement."""
    kind, _, name = case.get("server", "").partition(":")
    where = [case.get("institute", INSTITUTE)]
    options = dict(case.get("options", {}))
    if kind == "fault":
        *trust, origin = fault(name)
        where = [origin] if "ca_file" in options else [*trust, origin]
    for option, value in options.items():
        where[:0] = ["-o", f"{option}={value}"]
    done = run("--json", *where, case["username"], stdin=case["password"])
    return done, json.loads(done.stdout)


class Conformance(unittest.TestCase):
    maxDiff = None

    def check_token(self, told, expected):
        self.assertEqual(told["header"], "Authorization: " + told["authorization"])
        self.assertRegex(told["authorization"], r"\AJWT [!-~]+\Z")
        told["jwt"] = told["authorization"].removeprefix("JWT ")
        told["claims"] = told["claims"] or {}
        told["expires"] = told["expires_at"] is not None
        for name in expected.pop("claims_contain", []):
            self.assertIn(name, told["claims"])
        if told["expires"]:
            self.assertGreater(told["expires_in"], 0)

    def check_error(self, told, expected, password):
        for part in expected.pop("message_contains", []):
            self.assertIn(part, told["message"])
        if "field_errors" in expected:
            body = json.loads(told["server_body"])
            told["field_errors"] = {name: body.get(name) for name in expected["field_errors"]}
        for text in "message", "server_message", "server_body":
            if password:
                self.assertNotIn(password, told[text] or "")

    def check(self, case):
        expected = dict(case["expect"])
        done, told = log_in(case)
        self.assertEqual(told["status"], expected["status"], told)
        self.assertEqual(done.returncode == 0, told["status"] == "TP_OK")
        if told["status"] == "TP_OK":
            self.check_token(told, expected)
        else:
            long = len(case["password"]) >= 4
            self.check_error(told, expected, case["password"] if long else None)
        self.assertEqual({key: told[key] for key in expected}, expected)


def named(case):
    return "test_" + "".join(c if c.isalnum() else "_" for c in case["name"])


for case in CASES:
    setattr(Conformance, named(case), lambda self, case=case: self.check(case))


if __name__ == "__main__":
    unittest.main()
