"""Threads of the operating system, also where gevent has put greenlets in their place."""

from __future__ import annotations

import _thread
import collections
import contextlib
import os
import queue
import sys
import threading
from typing import Any, Callable


def _original(module: Any, name: str) -> Any:
    """What the module had before gevent patched it; we may have been imported before or after that."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey.get_original(module.__name__, name) if monkey else getattr(module, name)


start_new_thread: Callable[..., int] = _original(_thread, "start_new_thread")
get_ident: Callable[[], int] = _original(_thread, "get_ident")
SimpleQueue: Any = _original(queue, "SimpleQueue")
_allocate_lock: Callable[[], Any] = _original(_thread, "allocate_lock")

_NO_TIMEOUT = -1


def in_main_thread() -> bool:
    """Whether this is the thread in which Python runs signal handlers; in a forked child the one that forked is."""
    return threading.main_thread().ident == get_ident()


def after_fork_in_child(action: Callable[[], object]) -> None:
    """Threads don't survive a fork: what was kept about them must not, either."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=action)


def stop_for_ever() -> None:
    """Stops this thread; it holds no lock, and no GIL."""
    lock = _allocate_lock()
    while True:
        lock.acquire()


class Inbox:
    """A queue with one reader, whose wait a signal interrupts.

    That of `queue.SimpleQueue` has no end when a handler took longer than its timeout.
    """

    def __init__(self) -> None:
        self._events: collections.deque[Any] = collections.deque()
        self._arrived = _allocate_lock()
        self._arrived.acquire()

    def put(self, event: Any) -> None:
        """From any thread."""
        self._events.append(event)
        # RuntimeError: it was released for an earlier event, and the reader has not come yet.
        with contextlib.suppress(RuntimeError):
            self._arrived.release()

    def __len__(self) -> int:
        return len(self._events)

    def get(self, timeout: float | None = None) -> Any:
        """Raises queue.Empty after so many seconds."""
        while not self._events:
            if not self._arrived.acquire(timeout=_NO_TIMEOUT if timeout is None else timeout):
                raise queue.Empty
        return self._events.popleft()
