"""Token: a login that succeeded."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Callable

from testpress import library
from testpress._abi import Abi, Pointer
from testpress._failure import failure
from testpress._handle import Closable, Handle
from testpress._text import Secret, decoded, utf8
from testpress.errors import InvalidArgumentError

_UNKNOWN_EXPIRY = 2**63 - 1
_NO_USER = -1


class Token(Closable):
    """The header for later requests, and what the token says about its user.

    Immutable, and usable by many threads at once. `login` makes them, and `Token.from_jwt`. The native token is wiped
    when the last reference goes, or with `close()`; the texts that its properties return are Python's, which can't be.
    """

    __slots__ = ()

    def __init__(self, abi: Abi, handle: Handle) -> None:
        self._handle = None
        if not isinstance(handle, Handle):
            raise TypeError("tokens are made by login and by Token.from_jwt")
        self._abi = abi
        self._handle = handle

    @classmethod
    def from_jwt(cls, institute: str, jwt: str) -> Token:
        """A token from a JWT that was kept elsewhere. `institute` tells where the header may go, as for `Client`.

        Nothing is sent, and nothing is verified: only the server can. Raises `InvalidArgumentError`.
        """
        secret = Secret("jwt", jwt)
        del jwt
        abi = library.abi()
        token, error = Handle(abi.tp_token_free), Handle(abi.tp_error_free)
        status = abi.tp_token_from_jwt(utf8("institute", institute), secret.utf8(), token.out(), error.out())
        if status:
            raise failure(abi, status, error)
        return cls(abi, token)

    @property
    def authorization(self) -> str:
        """The header's value, "JWT eyJ…", for clients that take name and value apart. A secret, for `origin` only."""
        return self._present(self._abi.tp_auth_value)

    @property
    def header(self) -> str:
        """The whole header line, "Authorization: JWT eyJ…". A secret, for `origin` only."""
        return self._present(self._abi.tp_auth_header)

    @property
    def jwt(self) -> str:
        """The JWT alone, "eyJ…". A secret."""
        return self._present(self._abi.tp_token_jwt)

    @property
    def origin(self) -> str:
        """Where the header may go, such as "https://demo.testpress.in"."""
        return self._present(self._abi.tp_token_origin)

    @property
    def expires_at(self) -> datetime | None:
        """When it expires (claim `exp`), in UTC; None when unknown. What is beyond `datetime` is its last moment."""
        seconds = self._number(self._abi.tp_token_expires_at)
        if not seconds:
            return None
        try:
            return datetime.fromtimestamp(seconds, timezone.utc)
        except (OverflowError, OSError, ValueError):
            return datetime.max.replace(tzinfo=timezone.utc)

    @property
    def expires_in(self) -> int | None:
        """Seconds left by this machine's clock, negative when past; None when unknown."""
        seconds = self._number(self._abi.tp_token_expires_in)
        return None if seconds == _UNKNOWN_EXPIRY else seconds

    @property
    def username(self) -> str | None:
        """The claim `username`, an integer as its digits; None when absent. Claims are a hint, no proof."""
        return self._text(self._abi.tp_token_username)

    @property
    def user_id(self) -> int | None:
        """The claim `user_id`; None when absent."""
        number = self._number(self._abi.tp_token_user_id)
        return None if number == _NO_USER else number

    @property
    def email(self) -> str | None:
        """The claim `email`; None when absent."""
        return self._text(self._abi.tp_token_email)

    @property
    def claims(self) -> dict[str, Any]:
        """All claims, as they stand in the JWT; empty when there are none that can be read. Yours to change."""
        text = self._text(self._abi.tp_token_claims) or "{}"
        try:
            claims = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return claims if isinstance(claims, dict) else {}

    def _text(self, getter: Callable[[Pointer], bytes | None]) -> str | None:
        # In a variable until the text is copied: another thread may close the token meanwhile.
        handle = self._open_handle()
        return decoded(getter(handle.pointer))

    def _present(self, getter: Callable[[Pointer], bytes | None]) -> str:
        return self._text(getter) or ""

    def _number(self, getter: Callable[[Pointer], int]) -> int:
        handle = self._open_handle()
        return getter(handle.pointer)

    def __repr__(self) -> str:
        # Claims are personal data, and the header is a secret: neither is for a log.
        try:
            return f"<testpress.Token for {self.origin}, expires {self.expires_at or 'at no known time'}>"
        except InvalidArgumentError:
            return "<testpress.Token, closed>"
