"""A token, or a session, as the `auth` of requests (https://requests.readthedocs.io); install `testpress[requests]`.

    session = requests.Session()
    session.auth = testpress.requests.TokenAuth(token)
    session.get(token.origin + "/api/v2.2/me/")

It works with requests 2.25 and newer.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import requests
from requests.auth import AuthBase
from requests.utils import rewind_body

from testpress._origin import Origin
from testpress._session import BaseSession
from testpress.session import Session
from testpress.token import Token

_HEADER = "Authorization"
_UNAUTHORIZED = 401


class TokenAuth(AuthBase):
    """Adds the header to requests to the token's origin, and to no other: also not after a redirect.

    A `Session` in the token's place is asked for its token at each request. When the server answers 401, it is told,
    and the request sent once more with a new token, if its body can be: bytes, text, forms, or a file that can seek.
    The second answer is the caller's, whatever it is.

    Usable for every request of a requests session, wherever it goes, and by many threads at once.
    """

    def __init__(self, token: Token | Session) -> None:
        self._token = token
        self._origin = Origin.of_token(token)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if Origin.of_url(request.url or "") == self._origin:
            session = None if isinstance(self._token, Token) else self._token
            token = self._token if isinstance(self._token, Token) else self._token._wait_for_token()
            request.headers[_HEADER] = token.authorization
            request.register_hook("response", _Answers(self._origin, token, session))
        return request

    def __repr__(self) -> str:
        return f"<testpress.requests.TokenAuth for {self._token!r}>"


class _Answers:
    """What happens to the answers that one request leads to, redirects included."""

    def __init__(self, origin: Origin, token: Token, session: BaseSession | None) -> None:
        self._origin = origin
        self._token = token
        self._session = session

    def __call__(self, response: requests.Response, **options: Any) -> requests.Response:
        if response.status_code == _UNAUTHORIZED and self._session and self._is_about_our_token(response):
            response = self._second_answer(response, self._session, options)
        self._before_redirect(response)
        return response

    def _is_about_our_token(self, response: requests.Response) -> bool:
        sent = response.request.headers.get(_HEADER)
        return Origin.of_url(response.url) == self._origin and sent == self._token.authorization

    def _second_answer(
        self, first: requests.Response, session: BaseSession, options: dict[str, Any]
    ) -> requests.Response:
        session.reject(self._token)
        # Once, however many redirects come after it.
        self._session = None
        connection = getattr(first, "connection", None)
        if connection is None or not _rewound(first.request):
            return first
        # The same request, not a copy: requests makes those that redirects lead to from it.
        first.request.headers[_HEADER] = session._wait_for_token().authorization
        # Read to its end, so that its connection can be used again.
        first.content  # noqa: B018
        first.close()
        second: requests.Response = connection.send(first.request, **options)
        second.history.append(first)
        return second

    def _before_redirect(self, response: requests.Response) -> None:
        """requests copies the next request from this one, header included. It takes that out when the host changes,
        but not when http becomes https, nor in sessions that override its `rebuild_auth`."""
        location = response.headers.get("Location")
        if response.is_redirect and location and self._leads_away(response, location):
            response.request.headers.pop(_HEADER, None)

    def _leads_away(self, response: requests.Response, location: str) -> bool:
        return Origin.of_url(urljoin(response.url, location)) != self._origin


def _rewound(request: requests.PreparedRequest) -> bool:
    """Whether its body can be sent again, from its beginning."""
    if request.body is None or isinstance(request.body, (bytes, str)):
        return True
    try:
        rewind_body(request)
    except requests.exceptions.UnrewindableBodyError:
        return False
    return True
