"""Threads that make native calls for others.

Started when there is work and none is idle, so that no login waits for another one; few are kept. They are no
`threading.Thread`: nothing joins them when the interpreter ends, and gevent does not turn them into greenlets. No
code of the application runs on them.
"""

from __future__ import annotations

import signal
from typing import Any, Callable

from testpress import _threads

_MOST_IDLE = 4

_idle: list[str] = []
"""One entry for each worker that waits for the next piece of work."""
_work: Any = _threads.SimpleQueue()


def start(work: Callable[[], None]) -> bool:
    """Has a worker do it, which must not raise. False when there can be no further thread."""
    try:
        _idle.pop()
    except IndexError:
        return _start_thread(work)
    _work.put(work)
    return True


def _start_thread(work: Callable[[], None]) -> bool:
    try:
        _threads.start_new_thread(_serve, (work,))
    except RuntimeError:
        # No memory for its stack, a limit, or the interpreter is ending.
        return False
    return True


def _serve(work: Callable[[], None]) -> None:
    _leave_signals_to_others()
    while True:
        work()
        # It holds what came of the login: not until there is the next one.
        del work
        if len(_idle) >= _MOST_IDLE:
            return
        _idle.append("worker")
        work = _work.get()


def _leave_signals_to_others() -> None:
    """A signal taken here would not wake the main thread, which runs the handlers."""
    if hasattr(signal, "pthread_sigmask"):
        faults = {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT}
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - faults)


def _forget_lost_workers() -> None:
    global _work
    _idle.clear()
    _work = _threads.SimpleQueue()


_threads.after_fork_in_child(_forget_lost_workers)
