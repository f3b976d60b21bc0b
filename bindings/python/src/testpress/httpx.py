"""A token as the `auth` of httpx (https://www.python-httpx.org), sync and async; install `testpress[httpx]`.

    async with httpx.AsyncClient(auth=testpress.httpx.TokenAuth(token), base_url=token.origin) as client:
        await client.get("/api/v2.2/me/")

It works with httpx 0.23 and newer.
"""

from __future__ import annotations

from collections.abc import Generator

import httpx

from testpress._origin import Origin
from testpress.token import Token


class TokenAuth(httpx.Auth):
    """Adds the header to requests to the token's origin, and to no other.

    httpx takes it out again when a redirect leads to another origin; but for one from http to https on the same host
    and the default ports. Usable for every request of a client, wherever it goes, by threads and tasks.
    """

    def __init__(self, token: Token) -> None:
        self._token = token
        self._origin = Origin.of_token(token)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        url = request.url
        # raw_host: in ASCII, as the token has it.
        if Origin.of(url.scheme, url.raw_host.decode("ascii"), url.port) == self._origin:
            request.headers["Authorization"] = self._token.authorization
        yield request

    def __repr__(self) -> str:
        return f"<testpress.httpx.TokenAuth for {self._token!r}>"
