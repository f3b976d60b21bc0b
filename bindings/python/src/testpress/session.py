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
    password share one token, and with it one login; with the client's option `store="file"`, all processes of the user
    do. The client may be closed before. Usable by many threads at once, and in forked children.
    """

    __slots__ = ()

    def token(self, *, timeout: float | None = None, call: Call | None = None) -> Token:
        """A valid token: at once while there is one, else from a login, one for all who ask meanwhile.

        Waits, can be ended, and fails as `Client.login` does, each caller with a `timeout` or `call` of its own. After
        the server rejected the credentials (for 60 s) or throttled them (for its wait), the same error comes back at
        once; and `UnauthorizedError` for 60 s after it accepted neither of two new tokens in a row.
        """
        return self._wait_for_token(timeout, call)

    def authorization(self, *, timeout: float | None = None, call: Call | None = None) -> str:
        """The header's value, "JWT eyJ…", of `token()`. A secret, for `origin` only."""
        return self._wait_for_token(timeout, call).authorization
