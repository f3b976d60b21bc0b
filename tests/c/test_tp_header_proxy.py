"""The proxy that a process's environment names, as tp-header's users have it."""

import unittest

from tp_header import INSTITUTE, fault, run

# Nobody listens there.
DEAD = "http://127.0.0.1:1"
PROXIES = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]
UNSET = {name: "" for lower in PROXIES for name in (lower, lower.upper())}


def log_in(*arguments, **variables):
    return run("-o", "retries=0", *arguments, "testpress", stdin="demo", **(UNSET | variables))


class Proxy(unittest.TestCase):
    def assert_logged_in(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rb"\AAuthorization: JWT eyJ")

    def assert_failed(self, done, *words):
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        for word in words:
            self.assertIn(word.encode(), done.stderr)

    def test_each_variable_is_heeded(self):
        for name in "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY":
            done = log_in(INSTITUTE, **{name: DEAD})
            self.assert_failed(done, "the proxy 127.0.0.1:1", "localhost")

    def test_exceptions_go_direct(self):
        for name in "no_proxy", "NO_PROXY":
            self.assert_logged_in(
                log_in(INSTITUTE, HTTPS_PROXY=DEAD, **{name: "example.com, localhost"})
            )
        self.assert_failed(log_in(INSTITUTE, HTTPS_PROXY=DEAD, NO_PROXY="example.com"), "proxy")

    def test_the_option_has_the_last_word(self):
        self.assert_logged_in(log_in("-o", "proxy=none", INSTITUTE, HTTPS_PROXY=DEAD))
        done = log_in("-o", f"proxy={DEAD}", INSTITUTE, NO_PROXY="*")
        self.assert_failed(done, "the proxy 127.0.0.1:1")

    def test_a_malformed_variable_is_an_error_and_not_repeated(self):
        for url in "http://user:hunter2@host:port", "socks5://user:hunter2@127.0.0.1:1", "://":
            done = log_in(INSTITUTE, HTTPS_PROXY=url)
            self.assert_failed(done, "HTTPS_PROXY")
            self.assertNotIn(b"hunter2", done.stderr)

    def test_a_web_client_can_not_choose_the_proxy(self):
        """A CGI program has a client's header `Proxy` as HTTP_PROXY."""
        plain = ["-o", "allow_http=true", *fault("ok-plain")]
        self.assert_logged_in(log_in(*plain, HTTP_PROXY=DEAD))
        self.assert_failed(log_in(*plain, http_proxy=DEAD), "proxy")

    def test_plain_http_to_this_machine_stays_here(self):
        for name in "http_proxy", "all_proxy", "ALL_PROXY":
            self.assert_logged_in(log_in(*fault("ok-plain"), **{name: DEAD}))
        self.assert_logged_in(log_in("-o", f"proxy={DEAD}", *fault("ok-plain")))


if __name__ == "__main__":
    unittest.main()
