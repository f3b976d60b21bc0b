"""Somebody on the way says that there will be no connection: an error at once, and no wait."""

import unittest

import plan
from case import AT_ONCE, TwoHosts

TIMES = 3
# A router of Linux tells five times, and then once in a second only (net.ipv4.route.error_burst).
FEW = {"times": 2, "options": {"retries": 0}}


class Refusals(TwoHosts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institute = cls.hosts.serve("ok")

    def assert_refused(self, name, institute, reason, **how):
        with self.subTest(name):
            logins = self.hosts.log_in(institute, name, **{"times": TIMES, **how})
            self.assert_statuses(logins, "TP_E_CONNECT")
            for login in logins:
                self.assertIn(reason, login.message)
                self.assertFalse(login.request_sent)
            self.assert_at_most(f"TP_E_CONNECT of {name}", logins, AT_ONCE)

    def test_the_server_does(self):
        closed = self.hosts.serve("dead-port")
        for name in (plan.SERVER, f"[{plan.SERVER_V6}]", "both"):
            self.assert_refused(name, closed, "Connection refused")

    def test_a_router_does(self):
        for name, reason in (
            (plan.UNREACHABLE, "No route to host"),
            (f"[{plan.UNREACHABLE_V6}]", "Network is unreachable"),
            ("unreachable", plan.UNREACHABLE_V6),
        ):
            self.assert_refused(name, self.institute, reason, **FEW)

    def test_the_client_s_own_system_does(self):
        for name in (plan.UNROUTED, f"[{plan.UNROUTED_V6}]", "unrouted"):
            self.assert_refused(name, self.institute, "Network is unreachable")


if __name__ == "__main__":
    unittest.main()
