"""How a task waits for its login: the loop goes on meanwhile, and a cancelled task cancels the login."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars

from testpress import _log, _workers
from testpress._login import Event, Login
from testpress.errors import InternalError

_PATIENCE_SECONDS = 1.0
"""A cancelled call ends within 150 ms."""


async def run(login: Login) -> None:
    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()
    ended: asyncio.Future[None] = loop.create_future()

    def receive(event: Event) -> None:
        if event is not None:
            _log.emit(event)
        else:
            ended.set_result(None)

    def post(event: Event) -> None:
        # RuntimeError: the loop was closed over a login that nobody waits for.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(receive, event, context=context)

    if not _workers.start(lambda: login.run_for(post)):
        raise InternalError("no thread can be started for a login")
    try:
        # Unlike awaiting it, this leaves the future alone when the task is cancelled.
        await asyncio.wait({ended})
    except asyncio.CancelledError:
        login.cancel()
        if not login.abandon():
            await asyncio.wait({ended}, timeout=_PATIENCE_SECONDS)
        raise
    except BaseException:
        login.cancel()
        raise
