"""Session: credentials in, always a valid token out."""

from __future__ import annotations

from testpress._managed import Managed
from testpress._session import BaseSession
from testpress.call import Call
from testpress.token import Token


class Session(BaseSession, Managed):
    """One user's credentials, and always a valid token for them.

        session = testpress.Session(client, username, password)
        session.token().authorization   # "JWT eyJ…", for session.origin only

    Making one sends nothing: the first `token()` logs in. All sessions of a process with the same origin, user and
    password share one token, and with it one login, unless their clients differ in trust, client certificate, proxy,
    `api_version`, `login_encoding` or `store`. With the client's option `store="file"`, all processes of the user do.
    The client may be closed before. Usable by many threads at once, and in forked children.
    """

    __slots__ = ()

    def token(self, *, timeout: float | None = None, call: Call | None = None) -> Token:
        """A valid token: at once while there is one, else from a login, one for all who ask meanwhile.

        Waits, can be ended, and fails as `Client.login` does, each caller with a `timeout` or `call` of its own.

        After a login that failed, the same error comes back at once until the back-off has ended, and nothing is sent;
        `retry_after` has the seconds that are left. The back-off lasts 0.5 s to 30 s after a failure of the server or
        the network, 60 s to an hour after a refusal, and as long as the server said where it named a wait.
        `Client.login` is always sent, and ends the back-off when it succeeds.
        """
        return self._wait_for_token(timeout, call)

    def authorization(self, *, timeout: float | None = None, call: Call | None = None) -> str:
        """The header's value, "JWT eyJ…", of `token()`. A secret, for `origin` only."""
        return self._wait_for_token(timeout, call).authorization
