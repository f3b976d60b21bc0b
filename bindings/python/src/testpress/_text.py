"""Text on its way into the library and out of it: UTF-8, whatever the locale."""

from __future__ import annotations

import os
from typing import Union

from testpress.errors import InvalidArgumentError

Option = Union[str, int, "os.PathLike[str]", None]
"""What an option may be given as, a bool included; None leaves the default. The library checks the value."""


def utf8(name: str, text: str) -> bytes:
    """Raises TypeError for what is no str, InvalidArgumentError for what C could not take whole.

    The text may be a password: none of the frames that a traceback shows has it in a variable.
    """
    if not isinstance(text, str):
        kind = type(text).__name__
        del text
        raise TypeError(f"{name} must be a str, not {kind}")
    encoded, problem = _encode(text)
    del text
    if problem:
        raise InvalidArgumentError(f"{name} {problem}")
    return encoded


def _encode(text: str) -> tuple[bytes, str]:
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return b"", "has half of a surrogate pair, which UTF-8 can't express"
    return (b"", "has a NUL character") if b"\0" in encoded else (encoded, "")


def option_text(name: str, value: Option) -> str:
    """An option as the library takes it: True as "true", 5 as "5", a path as its name."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str):
        raise TypeError(f"option {name} must be a str, an int, a bool or a path, not {type(value).__name__}")
    return value


def decoded(text: bytes | None) -> str | None:
    """What the library returned."""
    return None if text is None else text.decode(errors="replace")


class Secret:
    """A password, for instance, that neither `repr` nor a traceback with its variables shows.

    A function that is given one puts it in here, and deletes its own variable, before anything can fail.
    """

    __slots__ = ("_name", "_text")

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def utf8(self) -> bytes:
        return utf8(self._name, self._text)
