"""Call: the deadline and the cancellation of one login."""

from __future__ import annotations

import math

from testpress import library
from testpress._handle import Unique, owned
from testpress.errors import InvalidArgumentError

_MOST_SECONDS = 86400
_PASSED = -1
_OF_THE_CLIENT = 0


class Call(Unique):
    """A deadline and a cancellation that another thread has a hand on.

        call = testpress.Call(timeout=5)
        threading.Timer(2, call.cancel).start()
        client.login(username, password, call=call)   # raises CancelledError

    `timeout` is in seconds, from the start of the login that this is given to; None leaves the client's. Zero or less
    is a deadline that has passed, more than a day counts as a day. Usable by many threads at once.
    """

    __slots__ = ("_abi", "_cancelled", "_held")

    def __init__(self, timeout: float | None = None) -> None:
        self._cancelled = False
        self._abi = library.abi()
        self._held = owned(self._abi.tp_call_free, self._abi.tp_call_new(milliseconds(timeout)))

    def cancel(self) -> None:
        """Ends the login that this was given to with `CancelledError`, within 150 ms; or the next one, as it stays
        cancelled. From any thread, any number of times."""
        self._cancelled = True
        self._abi.tp_call_cancel(self._held.pointer)

    @property
    def cancelled(self) -> bool:
        """Whether `cancel()` was called."""
        return self._cancelled

    def __repr__(self) -> str:
        return f"<testpress.Call{' cancelled' if self._cancelled else ''}>"


def chosen_call(timeout: float | None, call: Call | None) -> Call:
    """What a caller gave: one of the two, or neither."""
    if call is None:
        return Call(timeout)
    if timeout is not None:
        raise TypeError("a call has its own timeout: give one of the two")
    if not isinstance(call, Call):
        raise TypeError(f"call must be a testpress.Call, not {type(call).__name__}")
    return call


def milliseconds(timeout: float | None) -> int:
    """As the library counts: 0 would be the client's own, so what is short is 1, and what has passed is negative."""
    if timeout is None:
        return _OF_THE_CLIENT
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout must be a number of seconds or None, not {type(timeout).__name__}")
    if math.isnan(timeout):
        raise InvalidArgumentError("timeout is not a number of seconds")
    return math.ceil(min(timeout, _MOST_SECONDS) * 1000) if timeout > 0 else _PASSED
