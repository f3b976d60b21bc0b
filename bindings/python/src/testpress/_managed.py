"""What `with` and `async with` do with an object that can be closed."""

from __future__ import annotations

from types import TracebackType
from typing import TypeVar

from testpress._handle import Closable

_Self = TypeVar("_Self", bound=Closable)


class Managed(Closable):
    """One that is closed at the end of a `with`."""

    __slots__ = ()

    def __enter__(self: _Self) -> _Self:
        self._open_handle()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncManaged(Closable):
    """One that is closed at the end of an `async with`."""

    __slots__ = ()

    async def aclose(self) -> None:
        """The same as `close()`, by the name that `contextlib.aclosing` looks for."""
        self.close()

    async def __aenter__(self: _Self) -> _Self:
        self._open_handle()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
