"""A token, or a session, as the `auth` of httpx (https://www.python-httpx.org), sync and async; install
`testpress[httpx]`.

    async with httpx.AsyncClient(auth=testpress.httpx.TokenAuth(token), base_url=token.origin) as client:
        await client.get("/api/v2.2/me/")

It works with httpx 0.23 and newer.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import httpx

from testpress._origin import Origin
from testpress._session import BaseSession
from testpress.async_session import AsyncSession
from testpress.session import Session
from testpress.token import Token

_HEADER = "Authorization"


class TokenAuth(httpx.Auth):
    """Adds the header to requests to the token's origin, and to no other.

    httpx takes it out again when a redirect leads to another origin; but for one from http to https on the same host
    and the default ports.

    A session in the token's place, of either kind, is asked for its token at each request. When the server answers 401,
    it is told, and the request sent once more with a new token, if its body is in memory: bytes, text, JSON or a form.
    The second answer is the caller's, whatever it is; the session is told of its 401, too. When no token can be had,
    for the first request or after a 401, the error of the login is raised, a `TestpressError`. `httpx.AsyncClient`
    needs asyncio for that. No 401 comes here that an event hook has made an exception: let hooks leave it alone.

    Usable for every request of a client, wherever it goes, by threads and tasks.
    """

    def __init__(self, token: Token | Session | AsyncSession) -> None:
        self._token = token
        self._origin = Origin.of_token(token)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if not self._is_ours(request):
            yield request
            return
        source = self._token
        token = source if isinstance(source, Token) else source._wait_for_token()
        response = yield _with_header(request, token)
        if isinstance(source, BaseSession) and self._was_refused(response, token):
            source._tell_of_a_401(token)
            if _can_be_sent_again(response.request):
                # To its end, so that its connection can be used again; first, as there may be no token.
                response.read()
                token = source._wait_for_token()
                response = yield _with_header(response.request, token)
                if self._was_refused(response, token):
                    source._tell_of_a_401(token)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The same, but for how it waits."""
        if not self._is_ours(request):
            yield request
            return
        source = self._token
        token = source if isinstance(source, Token) else await source._await_token()
        response = yield _with_header(request, token)
        if isinstance(source, BaseSession) and self._was_refused(response, token):
            source._tell_of_a_401(token)
            if _can_be_sent_again(response.request):
                await response.aread()
                token = await source._await_token()
                response = yield _with_header(response.request, token)
                if self._was_refused(response, token):
                    source._tell_of_a_401(token)

    def _is_ours(self, request: httpx.Request) -> bool:
        url = request.url
        # raw_host: in ASCII, as the token has it.
        return Origin.of(url.scheme, url.raw_host.decode("ascii"), url.port) == self._origin

    def _was_refused(self, response: httpx.Response, token: Token) -> bool:
        """The answer is to the last request, where redirects led."""
        last = response.request
        refused = response.status_code == httpx.codes.UNAUTHORIZED
        return refused and self._is_ours(last) and last.headers.get(_HEADER) == token.authorization

    def __repr__(self) -> str:
        return f"<testpress.httpx.TokenAuth for {self._token!r}>"


def _with_header(request: httpx.Request, token: Token) -> httpx.Request:
    request.headers[_HEADER] = token.authorization
    return request


def _can_be_sent_again(request: httpx.Request) -> bool:
    """Whether its body is in memory; that of a request that a redirect led to is, too, but not as its `content`."""
    return isinstance(request.stream, httpx.ByteStream)
