"""A link that is cut amid a login, for good or for a second."""

import unittest

import plan
from case import TwoHosts, note, seconds

TIMES = 3
DEADLINE = 0.5
OPTIONS = {"timeout_ms": round(DEADLINE * 1000)}
SECOND = 1.0
# TCP sends again after 0.2, 0.4, 0.8, 1.6 s; the first packet after 1 and 2 s.
MOST_AFTER_A_SECOND = 8.0
# The client sends two things of some length: its ClientHello and the request.
REQUEST, SOME_LENGTH = 2, 100
# The first few of the server's are its handshake; then each byte of the answer has its own.
AMID_ANSWER = 20


class Cuts:
    """The moments of a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 400 bytes, one every 2 ms.
        cls.institute = cls.hosts.serve("slow-drip")
        cls.hosts.ask_names_of(plan.SERVER, options="timeout:1 attempts:3")

    def setUp(self):
        self.addCleanup(self.hosts.link.mend)

    def moments(self):
        """What the client is doing, for which name; what cuts the link; was the request sent."""
        link = self.hosts.link

        def at(sender, number, size=1):
            return lambda *seconds: link.cut_at(sender, number, *seconds, size=size)

        return (
            ("looking up", "both", link.cut, False),
            ("connecting", plan.SERVER, link.cut, False),
            ("waiting for the answer", plan.SERVER, at("client", REQUEST, SOME_LENGTH), True),
            ("reading the answer", plan.SERVER, at("server", AMID_ANSWER), True),
        )


class CutForGood(Cuts, TwoHosts):
    def test_the_login_ends_at_its_deadline(self):
        for doing, name, cut, request_sent in self.moments():
            with self.subTest(doing):
                logins = []
                for _ in range(TIMES):
                    cut()
                    lost = self.hosts.link.lost
                    logins += self.hosts.log_in(self.institute, name, options=OPTIONS)
                    self.assertGreater(self.hosts.link.lost, lost)
                    self.hosts.link.mend()
                what = f"cut while {doing}"
                self.assert_timed_out(what, logins, DEADLINE, request_sent=request_sent)
                for login in logins:
                    self.assertIn(f"passed while {doing}", login.message)


class CutForASecond(Cuts, TwoHosts):
    def test_the_login_succeeds(self):
        for doing, name, cut, _ in self.moments():
            with self.subTest(doing):
                cut(SECOND)
                logins = self.hosts.log_in(self.institute, name)
                self.assert_ok(logins)
                self.assertGreater(logins[0].seconds, SECOND)
                self.assertLess(logins[0].seconds, MOST_AFTER_A_SECOND)
                note(f"cut for 1 s while {doing}", seconds(logins), MOST_AFTER_A_SECOND)


class KeptConnections(TwoHosts):
    def test_one_that_has_died_unnoticed(self):
        institute = self.hosts.serve("ok")
        what = "over a connection that has died"
        logins = self.hosts.begin(
            institute, plan.SERVER, times=2 * TIMES, kept=True, stepwise=True, options=OPTIONS
        )
        dead, alive = [], []
        for _ in range(TIMES):
            self.hosts.link.mend()
            logins.step()
            alive.append(logins.result())
            self.hosts.link.cut()
            logins.step()
            dead.append(logins.result())
        self.assert_ok(alive)
        self.assert_timed_out(what, dead, DEADLINE, request_sent=True)


if __name__ == "__main__":
    unittest.main()
