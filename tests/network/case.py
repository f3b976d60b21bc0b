"""A test case with two hosts, and what it may say of logins and of how long they took."""

import statistics
import unittest

import permitted
from hosts import Hosts

# A deadline may be passed by that.
LATE = 0.1
# What is known at once is told within that, two pauses before new tries included.
AT_ONCE = 1.0

MEASURED = []


class WherePermitted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = permitted.why_not()
        if reason is not None:
            raise unittest.SkipTest(reason)


class TwoHosts(WherePermitted):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hosts = Hosts()
        cls.addClassCleanup(cls.hosts.close)

    def assert_statuses(self, logins, status):
        self.assertTrue(logins)
        for login in logins:
            self.assertEqual(login.status, status, login.message)

    def assert_ok(self, logins):
        self.assert_statuses(logins, "TP_OK")

    def assert_at_most(self, what, logins, limit):
        """On a busy machine one of them has to be as fast as that."""
        measured = seconds(logins)
        note(what, measured, limit)
        self.assertLessEqual(min(measured), limit, what)

    def assert_timed_out(self, what, logins, deadline, *, request_sent):
        """Not before the deadline, and at most 100 ms after it."""
        self.assert_statuses(logins, "TP_E_TIMEOUT")
        for login in logins:
            self.assertEqual(login.request_sent, request_sent, login.message)
        self.assertGreaterEqual(min(seconds(logins)), deadline, what)
        self.assert_at_most(what, logins, deadline + LATE)


def seconds(logins):
    return [login.seconds for login in logins]


def note(what, measured, limit):
    """For `run` to show."""
    low, middle, limit = (
        round(value * 1000) for value in (min(measured), statistics.median(measured), limit)
    )
    MEASURED.append(f"{what}: {low} ms (median {middle}, at most {limit})")
