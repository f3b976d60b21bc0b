"""Origins: scheme, host and port, which is where a token may go."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from testpress._session import BaseSession
from testpress.errors import InvalidArgumentError
from testpress.token import Token

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    scheme: str
    host: str
    port: int | None

    @classmethod
    def of(cls, scheme: str, host: str, port: int | None) -> Origin:
        """In one spelling: lower case, and with the port that the scheme stands for."""
        scheme = scheme.lower()
        return cls(scheme, host.lower(), _DEFAULT_PORTS.get(scheme) if port is None else port)

    @classmethod
    def of_token(cls, token: Token | BaseSession) -> Origin:
        """Of a token, or of a session, whose tokens all have the same."""
        if not isinstance(token, (Token, BaseSession)):
            raise TypeError(f"token must be a testpress.Token or a session, not {type(token).__name__}")
        origin = cls.of_url(token.origin)
        if origin is None:
            raise InvalidArgumentError("the token has no origin")
        return origin

    @classmethod
    def of_url(cls, url: str) -> Origin | None:
        """None for what is no URL with a host."""
        try:
            parts = urlsplit(url)
            return cls.of(parts.scheme, parts.hostname, parts.port) if parts.hostname else None
        except ValueError:
            return None
