"""What `Session` and `AsyncSession` have in common."""

from __future__ import annotations

import contextlib

from testpress import _asyncio, _waiting
from testpress._abi import Abi
from testpress._client import BaseClient
from testpress._failure import failure
from testpress._handle import Closable, Handle
from testpress._login import Login
from testpress._text import Secret
from testpress.call import Call, chosen_call
from testpress.errors import InvalidArgumentError
from testpress.token import Token


class BaseSession(Closable):
    __slots__ = ("_origin",)

    def __init__(self, client: BaseClient, username: str, password: str) -> None:
        secrets = Secret("username", username), Secret("password", password)
        del username, password
        # First what `repr` looks at: tracebacks show objects whose making failed, too.
        self._handle, self._origin = None, ""
        if not isinstance(client, BaseClient):
            raise TypeError(f"client must be a testpress.Client or AsyncClient, not {type(client).__name__}")
        self._abi = client._abi
        self._handle = _new_session(self._abi, client._open_handle(), *secrets)
        self._origin = client.origin

    @property
    def origin(self) -> str:
        """Where its tokens may go, such as "https://demo.testpress.in"."""
        return self._origin

    def reject(self, token: Token) -> None:
        """Tells that the server answered 401 to this token: the next one that is asked for is another.

        Nothing happens when it was replaced already, so every thread that got a 401 may tell it. Never waits. After two
        rejected tokens within a minute no login is made for a minute, and the newest token is given.
        """
        if not isinstance(token, Token):
            raise TypeError(f"token must be a testpress.Token, not {type(token).__name__}")
        session, rejected = self._open_handle(), token._open_handle()
        self._abi.tp_session_reject(session.pointer, rejected.pointer)

    def check_store(self) -> None:
        """Tries the store that the client's option `store` names, and raises `StoreError` if it can't be used.

        It reads, locks and writes; "memory" can always be used. A login never fails for its store: one that can't be
        used is passed over, with a warning in the log. This is for those who want to know, such as a health check.
        """
        session, error = self._open_handle(), Handle(self._abi.tp_error_free)
        status = self._abi.tp_session_check_store(session.pointer, error.out())
        if status:
            raise failure(self._abi, status, error)

    def _tell_of_a_401(self, token: Token) -> None:
        """The same for those who have an answer to hand on: a session that was closed meanwhile need not know."""
        with contextlib.suppress(InvalidArgumentError):
            self.reject(token)

    def _wait_for_token(self, timeout: float | None = None, call: Call | None = None) -> Token:
        login = self._prepare(timeout, call)
        _waiting.run(login)
        return Token(self._abi, login.token())

    async def _await_token(self, timeout: float | None = None, call: Call | None = None) -> Token:
        login = self._prepare(timeout, call)
        await _asyncio.run(login)
        return Token(self._abi, login.token())

    def _prepare(self, timeout: float | None, call: Call | None) -> Login:
        call = chosen_call(timeout, call)
        return Login(self._abi, self._abi.tp_session_token, self._open_handle(), call._held)

    def __repr__(self) -> str:
        return f"<testpress.{type(self).__name__} of {self._origin}{', closed' if self.closed else ''}>"


def _new_session(abi: Abi, client: Handle, username: Secret, password: Secret) -> Handle:
    session, error = Handle(abi.tp_session_free), Handle(abi.tp_error_free)
    status = abi.tp_session_new(client.pointer, username.utf8(), password.utf8(), session.out(), error.out())
    if status:
        raise failure(abi, status, error)
    return session
