"""Client: the logins to one institute; and `login`, for a program that needs only one."""

from __future__ import annotations

from testpress import _waiting
from testpress._client import BaseClient
from testpress._managed import Managed
from testpress._text import Option, Secret
from testpress.call import Call
from testpress.token import Token


class Client(BaseClient, Managed):
    """A client of one institute, with its connections.

        with testpress.Client("demo", timeout_ms=5000) as client:
            token = client.login(username, password)

    `institute` is a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com") or an https URL without a
    path. `options` are the library's own, such as `timeout_ms`, `ca_file` and `user_agent`: the README lists them. A
    wrong one raises `InvalidArgumentError`, which names it and what it takes.

    Making a client reads the trusted certificates, and makes no connection. Usable by many threads at once, and in
    forked children. The logger "testpress" gets its messages, at the level that is enabled when the client is made.
    """

    __slots__ = ()

    def login(self, username: str, password: str, *, timeout: float | None = None, call: Call | None = None) -> Token:
        """Logs in, over a connection that is kept for the next login where the server allows it.

        Waits at most `timeout` seconds, by default the client's `timeout_ms`, 30 seconds unless set. Other threads go
        on meanwhile. `call` lets another thread end it. A KeyboardInterrupt, or another exception of a signal handler,
        ends it, too: it is cancelled, and the exception goes on.

        Raises a `TestpressError`; TypeError when username or password is not a str.
        """
        secrets = Secret("username", username), Secret("password", password)
        del username, password
        return self._login(*secrets, timeout, call)

    def _login(self, username: Secret, password: Secret, timeout: float | None, call: Call | None) -> Token:
        login = self._prepare(username, password, timeout, call)
        _waiting.run(login)
        return Token(self._abi, login.token())


def login(
    institute: str,
    username: str,
    password: str,
    *,
    timeout: float | None = None,
    call: Call | None = None,
    **options: Option,
) -> Token:
    """Logs in once: `Client(institute, **options).login(…)`. A program that logs in more often makes a `Client`."""
    secrets = Secret("username", username), Secret("password", password)
    del username, password
    with Client(institute, **options) as client:
        return client._login(*secrets, timeout, call)
