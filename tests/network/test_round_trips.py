"""How many round trips a login takes, where one is 100 ms long."""

import unittest

import plan
from case import TwoHosts, note, seconds

ONE_WAY = 0.05
TIMES = 3
ATTEMPTS = 3
# TCP, TLS, and the request; and a lookup, where the name server is as far away.
COLD, WARM, LOOKUP = 3.5, 1.5, 1


class RoundTrips(TwoHosts):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institute = cls.hosts.serve("ok")
        cls.hosts.link.delay = ONE_WAY
        cls.round_trip = cls.hosts.round_trip(cls.institute)

    def assert_round_trips(self, what, log_in, most):
        """Every hop has to be on time, so a busy machine may need more than one attempt."""
        limit = most * self.round_trip
        for _ in range(ATTEMPTS):
            logins = log_in()
            self.assert_ok(logins)
            if min(seconds(logins)) <= limit:
                break
        self.assert_at_most(f"{what}, {most} round trips", logins, limit)

    def log_in(self, name, **how):
        return self.hosts.log_in(self.institute, name, times=TIMES, **how)

    def later(self, name):
        """The logins after the first one."""
        first, *others = self.log_in(name, kept=True)
        self.assertGreater(first.seconds, WARM * self.round_trip)
        return others

    def test_the_link_is_as_long_as_it_should_be(self):
        self.assertGreaterEqual(self.round_trip, 2 * ONE_WAY)
        note("a round trip", [self.round_trip], 3 * ONE_WAY)
        self.assertLess(self.round_trip, 3 * ONE_WAY)

    def test_a_first_login(self):
        for name, most in (
            (plan.SERVER, COLD),
            (f"[{plan.SERVER_V6}]", COLD),
            ("known", COLD),
            ("both", COLD + LOOKUP),
        ):
            with self.subTest(name):
                self.assert_round_trips(
                    f"first login to {name}", lambda n=name: self.log_in(n), most
                )

    def test_a_login_over_a_kept_connection(self):
        for name in (plan.SERVER, "both"):
            with self.subTest(name):
                self.assert_round_trips(f"next login to {name}", lambda n=name: self.later(n), WARM)


if __name__ == "__main__":
    unittest.main()
