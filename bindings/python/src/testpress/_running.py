"""The native calls that are under way, so that none outlives the interpreter or goes unnoticed by a fork.

When the interpreter ends while a daemon thread is inside the library, that thread is unwound as soon as it takes the
GIL, for a log message for instance; unwound through native code, which aborts the process. So the calls are ended
first, and their threads stopped where nothing is beneath them.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import time
from typing import TYPE_CHECKING

from testpress import _threads
from testpress.errors import CancelledError

if TYPE_CHECKING:
    from testpress._login import Login

_PATIENCE_SECONDS = 1.0

_logins: dict[int, Login] = {}
_cut_off: dict[int, Login] = {}
_ending = False
_left = _threads.Inbox()


def enter(login: Login) -> None:
    """Before the native call. Raises CancelledError once the interpreter is ending."""
    _raise_if_ending()
    _logins[id(login)] = login
    # Again, now that it was added: either this sees that we end, or `_end` sees the login.
    _raise_if_ending()


def ending() -> bool:
    """Whether no thread is to begin a native call any more; the main thread may."""
    return _ending


def leave(login: Login) -> None:
    """After the native call."""
    _logins.pop(id(login), None)
    if _ending:
        _left.put(None)
    if id(login) in _cut_off:
        # As the interpreter does with daemon threads: their programs don't learn of it, and print no error.
        _threads.stop_for_ever()


def _raise_if_ending() -> None:
    if _ending and not _threads.in_main_thread():
        raise CancelledError("the interpreter is ending")


@atexit.register
def _end() -> None:
    global _ending
    _ending = True
    _cut_off.update(_logins)
    for login in list(_cut_off.values()):
        login.cancel()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _logins and time.monotonic() < deadline:
        with contextlib.suppress(queue.Empty):
            _left.get(timeout=0.05)


# In a forked child no other thread goes on.
_threads.after_fork_in_child(_logins.clear)
