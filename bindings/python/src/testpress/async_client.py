"""AsyncClient: the logins to one institute, for asyncio."""

from __future__ import annotations

from testpress import _asyncio
from testpress._client import BaseClient
from testpress._managed import AsyncManaged
from testpress._text import Secret
from testpress.call import Call
from testpress.token import Token


class AsyncClient(BaseClient, AsyncManaged):
    """A `Client` whose logins are awaited.

        async with testpress.AsyncClient("demo") as client:
            token = await client.login(username, password)

    The loop goes on while a login is under way, in a thread that is made when none is idle. Institute and options are
    those of `Client`; one AsyncClient may be used by many tasks, and by the loops of many threads.
    """

    __slots__ = ()

    async def login(
        self, username: str, password: str, *, timeout: float | None = None, call: Call | None = None
    ) -> Token:
        """Logs in, as `Client.login` does. When the task is cancelled, so is the login, before the task ends."""
        secrets = Secret("username", username), Secret("password", password)
        del username, password
        login = self._prepare(*secrets, timeout, call)
        await _asyncio.run(login)
        return Token(self._abi, login.token())
