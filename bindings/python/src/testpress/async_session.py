"""AsyncSession: always a valid token, for asyncio."""

from __future__ import annotations

from testpress._managed import AsyncManaged
from testpress._session import BaseSession
from testpress.call import Call
from testpress.token import Token


class AsyncSession(BaseSession, AsyncManaged):
    """A `Session` whose tokens are awaited.

        session = testpress.AsyncSession(client, username, password)
        token = await session.token()

    The client may be an `AsyncClient` or a `Client`. One AsyncSession may be used by many tasks, and by the loops of
    many threads; it shares its token with every `Session` of the same origin, user and password.
    """

    __slots__ = ()

    async def token(self, *, timeout: float | None = None, call: Call | None = None) -> Token:
        """A valid token, as `Session.token` gives it. When the task is cancelled, so is its wait; others go on."""
        return await self._await_token(timeout, call)

    async def authorization(self, *, timeout: float | None = None, call: Call | None = None) -> str:
        """The header's value, "JWT eyJ…", of `token()`. A secret, for `origin` only."""
        return (await self._await_token(timeout, call)).authorization
