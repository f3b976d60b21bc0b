"""gevent: where a process was patched, a login must stop its greenlet only, not the thread with all the others."""

from __future__ import annotations

import collections
import contextlib
import queue
import sys
from typing import Any


def in_use() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


class GreenletInbox:
    """An inbox whose reader is a greenlet, and which is filled by another thread of the operating system."""

    def __init__(self) -> None:
        import gevent
        from gevent.event import Event

        self._events: collections.deque[Any] = collections.deque()
        self._arrived = Event()
        self._watcher = gevent.get_hub().loop.async_()
        self._watcher.start(self._arrived.set)

    def put(self, event: Any) -> None:
        self._events.append(event)
        # Closed by a greenlet that waits no more.
        with contextlib.suppress(Exception):
            self._watcher.send()

    def __len__(self) -> int:
        return len(self._events)

    def get(self, timeout: float | None = None) -> Any:
        while not self._events:
            if not self._arrived.wait(timeout):
                raise queue.Empty
            self._arrived.clear()
        return self._events.popleft()

    def close(self) -> None:
        self._watcher.stop()
        self._watcher.close()
