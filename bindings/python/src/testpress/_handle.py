"""Handles: who owns a native object, and when it is freed.

A `Handle` owns one native object and frees it when the last reference to the handle goes. Whoever calls the library
holds the handle in a local variable meanwhile: Python's own reference count is what keeps `close()`, which only lets
go of the handle, from freeing under a call of another thread.
"""

from __future__ import annotations

from typing import Any, Callable, NoReturn

from testpress import errors
from testpress._abi import Abi, Pointer, out


class Handle:
    """Made before the native object, which is written into it: an interrupt between the two loses nothing."""

    __slots__ = ("_free", "pointer")

    def __init__(self, free: Callable[[Pointer], None], address: int | None = None) -> None:
        self._free = free
        self.pointer = Pointer(address)

    def __bool__(self) -> bool:
        return bool(self.pointer)

    def out(self) -> Any:
        """What a function writes the native object into."""
        return out(self.pointer)

    def __del__(self) -> None:
        if self.pointer:
            self._free(self.pointer)


def owned(free: Callable[[Pointer], None], address: int | None) -> Handle:
    """The handle of what a function returned; it returns NULL only when there is no memory."""
    if not address:
        raise errors.InternalError("libtestpress is out of memory")
    return Handle(free, address)


class Unique:
    """A public object with a native one: it can be neither copied nor pickled."""

    __slots__ = ("__weakref__",)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} can be neither copied nor pickled")


class Closable(Unique):
    """One that can be closed before the collector finds it."""

    __slots__ = ("_abi", "_handle")

    _abi: Abi
    _handle: Handle | None

    def close(self) -> None:
        """Lets go of the native object, which is freed when no call in another thread needs it any more.

        From any thread, any number of times.
        """
        self._handle = None

    @property
    def closed(self) -> bool:
        """Whether `close()` was called."""
        return self._handle is None

    def _open_handle(self) -> Handle:
        """What a caller keeps in a variable while it calls the library."""
        handle = self._handle
        if handle is None:
            raise errors.InvalidArgumentError(f"this {type(self).__name__} is closed")
        return handle
