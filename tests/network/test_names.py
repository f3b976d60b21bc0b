"""Name servers in every state."""

import unittest

import plan
from case import AT_ONCE, TwoHosts

TIMES = 3
DEADLINE = 0.6
# As in test_refusals.py: each of them asks for two addresses.
FEW = {"times": 2, "options": {"retries": 0}}
OPTIONS = {"timeout_ms": round(DEADLINE * 1000)}
CANCELLED_WITHIN = 0.15
IMPATIENT = "timeout:1 attempts:1"
MANY = 80
# src/http/resolve.rs: more lookups than that are not under way at once.
MOST_LOOKUPS = 64


class Names(TwoHosts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institute = cls.hosts.serve("ok")

    def setUp(self):
        self.hosts.ask_names_of(plan.SERVER)

    def log_in(self, name, **how):
        return self.hosts.log_in(self.institute, name, times=TIMES, **how)

    def assert_no_such_host(self, what, name, **how):
        logins = self.hosts.log_in(self.institute, name, **{"times": TIMES, **how})
        self.assert_statuses(logins, "TP_E_DNS")
        for login in logins:
            self.assertIn(f"{name}.{plan.DOMAIN}", login.message)
            self.assertFalse(login.request_sent)
        self.assert_at_most(what, logins, AT_ONCE)

    def test_names_without_addresses(self):
        for name, answer in (
            ("nonesuch", "NXDOMAIN"),
            ("failing", "SERVFAIL"),
            ("empty", "no addresses"),
        ):
            with self.subTest(answer):
                self.assert_no_such_host(f"TP_E_DNS after {answer}", name)

    def test_a_name_server_that_can_t_be_reached(self):
        for server, reason, how in (
            (plan.UNROUTED, "without a route", {}),
            (plan.UNREACHABLE, "that a router can't reach", FEW),
            ("127.0.0.1", "that is none", {}),
        ):
            with self.subTest(reason):
                self.hosts.ask_names_of(server, options=IMPATIENT)
                self.assert_no_such_host(f"TP_E_DNS of a name server {reason}", "both", **how)

    def test_a_name_server_that_never_answers(self):
        for server, name in ((plan.SERVER, "silent"), (plan.DEAD, "both")):
            with self.subTest(server):
                self.hosts.ask_names_of(server)
                logins = self.log_in(name, options=OPTIONS, at_once=True)
                what = f"the name server {server} says nothing"
                self.assert_timed_out(what, logins, DEADLINE, request_sent=False)

    def test_cancelled_amid_a_lookup(self):
        logins = self.log_in("silent", cancel=True)
        self.assert_statuses(logins, "TP_E_CANCELLED")
        for login in logins:
            self.assertIn("while looking up", login.message)
            self.assertFalse(login.request_sent)
        self.assert_at_most("cancelled amid a lookup", logins, CANCELLED_WITHIN)

    def test_a_slow_name_server(self):
        logins = self.log_in("slow", at_once=True)
        self.assert_ok(logins)
        delay = plan.ADDRESSES["slow"].delay
        self.assertGreaterEqual(min(login.seconds for login in logins), delay)
        self.assert_at_most("a name server that takes 1 s", logins, delay + AT_ONCE)

    def test_the_second_name_server_is_asked_when_the_first_is_dead(self):
        self.hosts.ask_names_of(plan.DEAD, plan.SERVER, options=IMPATIENT)
        logins = self.log_in("both", at_once=True)
        self.assert_ok(logins)
        self.assert_at_most("the first name server is dead", logins, 1 + AT_ONCE)

    def test_a_name_in_etc_hosts_needs_none(self):
        self.hosts.ask_names_of(plan.DEAD)
        logins = self.log_in("known")
        self.assert_ok(logins)
        self.assert_at_most("a name in /etc/hosts", logins, AT_ONCE)


class Abandoned(TwoHosts):
    def test_lookups_that_are_left_behind_are_few_and_end(self):
        institute = self.hosts.serve("ok")
        self.hosts.ask_names_of(plan.SERVER, options=IMPATIENT)
        *logins, left = self.hosts.log_in(
            institute, "silent", times=MANY, at_once=True, settle=True, options=OPTIONS
        )
        self.assertEqual(len(logins), MANY)
        self.assert_timed_out(f"{MANY} lookups hang", logins, DEADLINE, request_sent=False)
        self.assertTrue(0 < left.lookups <= MOST_LOOKUPS, left.lookups)
        self.assertEqual((left.threads_left, left.descriptors_left), (0, 0))


if __name__ == "__main__":
    unittest.main()
