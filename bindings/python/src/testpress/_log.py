"""The library's log messages, handed to the logger "testpress".

A record is made by the thread that asked for the login, also when another one makes the native call for it: its
`threadName`, context variables and locks are what the application expects, and an exception in a handler never
meets native code.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Any, Callable

from testpress import _threads
from testpress._abi import Abi, LogCallback, keep_for_ever
from testpress._handle import Handle

logger = logging.getLogger("testpress")
logger.addHandler(logging.NullHandler())

LogMessage = tuple[int, str]
"""The level, as `logging` has it, and the text."""

_NATIVE_LEVELS = {logging.ERROR: 1, logging.WARNING: 2, logging.INFO: 3, logging.DEBUG: 4}
_LEVELS = {native: level for level, native in _NATIVE_LEVELS.items()}

_sinks: dict[int, Callable[[LogMessage], None]] = {}
"""Where the messages of a thread go that calls for another one."""


def attach(abi: Abi, config: Handle) -> None:
    """Turns on the messages that the logger wants now, when the client is made."""
    enabled = [native for level, native in _NATIVE_LEVELS.items() if logger.isEnabledFor(level)]
    if enabled:
        abi.tp_config_set_log(config.pointer, max(enabled), _callback, None)


def emit(message: LogMessage) -> None:
    """What a handler raises is its own affair: no login fails for its log. An interrupt gets through."""
    level, text = message
    with contextlib.suppress(Exception):
        # Without arguments: a "%" in the text is no placeholder.
        logger.log(level, text)


class sent_to:
    """While it is entered, the messages of this thread go to `sink`."""

    def __init__(self, sink: Callable[[LogMessage], None]) -> None:
        self._sink = sink

    def __enter__(self) -> None:
        _sinks[_threads.get_ident()] = self._sink

    def __exit__(self, *_: object) -> None:
        _sinks.pop(_threads.get_ident(), None)


def _receive(context: Any, native_level: int, message: bytes) -> None:
    try:
        level = _LEVELS.get(native_level, logging.DEBUG)
        _sinks.get(_threads.get_ident(), emit)((level, message.decode(errors="replace")))
    except BaseException:
        # Nothing may be thrown through native code.
        pass


_callback = keep_for_ever(LogCallback(_receive))
_threads.after_fork_in_child(_sinks.clear)
