"""A link that loses 5 % of all packets."""

import unittest

from case import TwoHosts, note, seconds

TIMES = 100
DEFAULT_TIMEOUT = 30


class Loss(TwoHosts):
    def test_every_login_succeeds(self):
        institute = self.hosts.serve("ok")
        link = self.hosts.link
        link.lose_packets()
        # A name of /etc/hosts: how long to wait for a lost answer is the system's own decision.
        logins = self.hosts.log_in(institute, "known", times=TIMES, at_once=True)
        self.assertEqual(len(logins), TIMES)
        self.assert_ok(logins)
        note(f"{TIMES} logins at 5 % loss, the slowest", [max(seconds(logins))], DEFAULT_TIMEOUT)
        share = link.lost / (link.lost + link.carried)
        self.assertAlmostEqual(share, 0.05, delta=0.01, msg=f"{link.lost} packets were lost")


if __name__ == "__main__":
    unittest.main()
