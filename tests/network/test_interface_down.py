"""The client's interface goes down: its own system knows."""

import time
import unittest

import plan
from case import AT_ONCE, TwoHosts

TIMES = 3
PATIENCE = 20
DEADLINE = 1.0
OPTIONS = {"timeout_ms": round(DEADLINE * 1000)}
SECOND = 1.0
# As in test_cuts.py; the slower server needs 50 ms for each byte.
AMID_ANSWER = {"slow-drip": 20, "drip": 8}


class InterfaceDown(TwoHosts):
    def setUp(self):
        self.addCleanup(self.set_interface, "up")

    def set_interface(self, state):
        self.hosts.client.configure(f"link set wire {state}\n")

    def log_in_and_go_down(self, fault, name, options=None):
        """The interface goes down amid the answer, and is down when the server goes on."""
        answering = self.hosts.link.watch_for("server", AMID_ANSWER[fault])
        logins = self.hosts.begin(self.hosts.serve(fault), name, options=options)
        self.assertTrue(answering.wait(PATIENCE))
        self.set_interface("down")
        return logins

    def test_for_good(self):
        logins = []
        for _ in range(TIMES):
            logins += self.log_in_and_go_down("drip", plan.SERVER, OPTIONS).results()
            self.set_interface("up")
        self.assert_timed_out("the interface is down", logins, DEADLINE, request_sent=True)
        for login in logins:
            self.assertIn("while reading the answer", login.message)

    def test_for_a_second(self):
        for name in (plan.SERVER, f"[{plan.SERVER_V6}]"):
            with self.subTest(name):
                lost = self.hosts.link.lost
                logins = self.log_in_and_go_down("slow-drip", name)
                time.sleep(SECOND)
                self.set_interface("up")
                self.assert_ok(logins.results())
                self.assertGreater(self.hosts.link.lost, lost)

    def test_from_the_beginning(self):
        institute = self.hosts.serve("ok")
        self.set_interface("down")
        for name, status in (
            (plan.SERVER, "TP_E_CONNECT"),
            (f"[{plan.SERVER_V6}]", "TP_E_CONNECT"),
            ("known", "TP_E_CONNECT"),
            ("both", "TP_E_DNS"),
        ):
            with self.subTest(name):
                logins = self.hosts.log_in(institute, name, times=TIMES)
                self.assert_statuses(logins, status)
                self.assert_at_most(f"{status} of {name}, interface down", logins, AT_ONCE)


if __name__ == "__main__":
    unittest.main()
