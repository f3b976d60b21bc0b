"""A host of several addresses, some of which lead nowhere."""

import unittest

import plan
from case import LATE, TwoHosts, seconds

TIMES = 5
# The library gives an address 250 ms before it tries the next one beside it.
MOST_EXTRA = 0.3
LEAST_EXTRA = 0.2
CONNECT_TIMEOUT = 0.5


class DeadAddresses(TwoHosts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institute = cls.hosts.serve("ok")

    def log_in(self, name, **how):
        return self.hosts.log_in(self.institute, name, times=TIMES, **how)

    def usual(self, name):
        """The seconds of a login that nothing is in the way of."""
        logins = self.log_in(name)
        self.assert_ok(logins)
        return min(seconds(logins))

    def assert_costs_a_moment(self, what, name, usual):
        logins = self.log_in(name)
        self.assert_ok(logins)
        self.assertGreater(min(seconds(logins)), usual + LEAST_EXTRA, "it was not tried first")
        self.assert_at_most(what, logins, usual + MOST_EXTRA)

    def test_a_dead_ipv6_address_costs_a_moment(self):
        self.assert_costs_a_moment("IPv6 is dead", "dead-ipv6", self.usual("ipv4"))

    def test_a_dead_ipv4_address_costs_a_moment(self):
        # RFC 6724, rule 3: with a deprecated address of one's own, IPv6 comes last.
        change = f"addr change {plan.CLIENT_V6}/64 dev wire nodad preferred_lft"
        self.addCleanup(self.hosts.client.configure, f"{change} forever\n")
        self.hosts.client.configure(f"{change} 0\n")
        self.assert_costs_a_moment("IPv4 is dead", "dead-ipv4", self.usual("ipv6"))

    def test_an_address_that_is_known_to_be_unreachable_costs_nothing(self):
        usual = self.usual("ipv4")
        for name in ("unreachable-ipv6", "unrouted-ipv6"):
            with self.subTest(name):
                logins = self.log_in(name)
                self.assert_ok(logins)
                self.assert_at_most(f"{name}", logins, usual + LATE)

    def test_nothing_but_dead_addresses_is_a_timeout(self):
        options = {"connect_timeout_ms": round(CONNECT_TIMEOUT * 1000)}
        for name in ("dead", plan.DEAD, f"[{plan.DEAD_V6}]"):
            with self.subTest(name):
                logins = self.log_in(name, options=options, at_once=True)
                self.assert_timed_out(
                    f"connecting to {name}", logins, CONNECT_TIMEOUT, request_sent=False
                )


if __name__ == "__main__":
    unittest.main()
