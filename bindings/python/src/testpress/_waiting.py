"""How a thread, or a greenlet, waits for its login.

The main thread is where Python runs signal handlers, and it runs none while it is inside native code. There a worker
makes the native call, and the main thread waits in a way that Ctrl-C can interrupt: the login is cancelled then. Other
threads can't be interrupted, so they make the call themselves; so does the main thread when no thread can be started.
"""

from __future__ import annotations

import contextlib
import os
import queue
import time
from typing import Union

from testpress import _greenlets, _log, _running, _threads, _workers
from testpress._login import Login
from testpress.errors import CancelledError

Inbox = Union[_threads.Inbox, _greenlets.GreenletInbox]

_POLL_SECONDS = 0.1
"""A signal wakes the main thread at once; this is for one that another thread took, and `_thread.interrupt_main`."""

_PATIENCE_SECONDS = 1.0
"""A cancelled call ends within 150 ms."""


def run(login: Login) -> None:
    if _running.ending():
        login.run()
    elif _greenlets.in_use():
        with contextlib.closing(_greenlets.GreenletInbox()) as inbox:
            _wait_for_worker(login, inbox, None)
    elif _threads.in_main_thread():
        _wait_for_worker(login, _threads.Inbox(), _POLL_SECONDS)
    else:
        login.run()


def _wait_for_worker(login: Login, inbox: Inbox, poll: float | None) -> None:
    process = os.getpid()
    try:
        started = _workers.start(lambda: login.run_for(inbox.put))
        while started and not _read(inbox, poll):
            if os.getpid() != process:
                raise CancelledError("a signal handler forked, and this is the child: the login is its parent's")
    except BaseException:
        login.cancel()
        if os.getpid() == process and not login.abandon():
            _let_it_end(login, inbox)
        raise
    if not started:
        # Better without Ctrl-C than not at all.
        login.run()


def _read(inbox: Inbox, timeout: float | None) -> bool:
    """Whether that was the end, as far as anything came."""
    try:
        event = inbox.get(timeout)
    except queue.Empty:
        return False
    if event is not None:
        _log.emit(event)
    return event is None


def _let_it_end(login: Login, inbox: Inbox) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    # Asks the login, too: the interrupt may have come just when the end was read.
    while not login.ended and time.monotonic() < deadline:
        _read(inbox, _POLL_SECONDS)
    while len(inbox):
        _read(inbox, 0)
