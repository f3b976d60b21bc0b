"""One login, or one wait for a session's token: what it needs, and what came of it.

It owns all of this until it has ended, so that whoever waits for it may stop waiting at any moment.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from testpress import _log, _running
from testpress._abi import Abi
from testpress._failure import failure
from testpress._handle import Handle
from testpress._text import Secret

Event = Optional[_log.LogMessage]
"""What a worker tells the thread that waits: a log message, or None at the end."""

Function = Callable[..., int]
"""`tp_client_login`, or `tp_session_token`, which takes no credentials."""


class Login:
    __slots__ = ("_abi", "_arguments", "_call", "_outcome", "_ticket")

    def __init__(self, abi: Abi, function: Function, owner: Handle, call: Handle, *credentials: Secret) -> None:
        self._abi = abi
        self._call: Handle | None = call
        self._arguments: Any = (function, owner, [secret.utf8() for secret in credentials], call)
        self._outcome: Handle | BaseException | None = None
        self._ticket = ["for one ride"]

    def run(self) -> None:
        """Makes the native call in this thread, which it blocks."""
        try:
            _running.enter(self)
            self._outcome = self._call_library(*self._arguments)
        finally:
            # Here, not where the last reference goes: in the main thread a signal could interrupt the freeing. And
            # neither the password nor the client is for a traceback that somebody keeps.
            self._arguments = self._call = None
            _running.leave(self)

    def _call_library(
        self, function: Function, owner: Handle, credentials: list[bytes], call: Handle
    ) -> Handle | BaseException:
        abi = self._abi
        token, error = Handle(abi.tp_token_free), Handle(abi.tp_error_free)
        status = function(owner.pointer, *credentials, call.pointer, token.out(), error.out())
        return failure(abi, status, error) if status else token

    def run_for(self, post: Callable[[Event], None]) -> None:
        """The same on a worker, for somebody who waits for what is posted. Never raises."""
        if not self.abandon():
            return
        try:
            with _log.sent_to(post):
                self.run()
        except BaseException as error:
            self._outcome = error
        post(None)

    def abandon(self) -> bool:
        """True for one caller only: a worker that begins, or somebody who does not want it to begin any more."""
        try:
            self._ticket.pop()
        except IndexError:
            return False
        return True

    @property
    def ended(self) -> bool:
        return self._outcome is not None

    def cancel(self) -> None:
        """Ends it within 150 ms, or before it begins. From any thread."""
        call = self._call
        if call is not None:
            self._abi.tp_call_cancel(call.pointer)

    def token(self) -> Handle:
        """What came of it, once it has ended. To be asked once."""
        outcome, self._outcome = self._outcome, None
        if isinstance(outcome, Handle):
            return outcome
        try:
            raise outcome or AssertionError("the login has not ended")
        finally:
            # An exception that is referred to from its own traceback would wait for the collector.
            del outcome
