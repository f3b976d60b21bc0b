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
    The second answer is the caller's, whatever it is; the session is told of its 401, too. When no token can be had,
    for the first request or after a 401, the error of the login is raised, a `TestpressError`.

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
        self._is_renewed = False

    def __call__(self, response: requests.Response, **options: Any) -> requests.Response:
        if self._session and self._is_refused(response):
            self._session._tell_of_a_401(self._token)
            response = self._second_answer(response, self._session, options)
        self._before_redirect(response)
        return response

    def _is_refused(self, response: requests.Response) -> bool:
        """Whether this 401 is about our token."""
        if response.status_code != _UNAUTHORIZED or Origin.of_url(response.url) != self._origin:
            return False
        return response.request.headers.get(_HEADER) == self._token.authorization

    def _second_answer(
        self, first: requests.Response, session: BaseSession, options: dict[str, Any]
    ) -> requests.Response:
        # Once, however many redirects come after it.
        if self._is_renewed:
            return first
        self._is_renewed = True
        connection = getattr(first, "connection", None)
        if connection is None or not _rewound(first.request):
            return first
        # Read to its end, so that its connection can be used again; first, as there may be no token.
        first.content  # noqa: B018
        first.close()
        self._token = session._wait_for_token()
        # The same request, not a copy: requests makes those that redirects lead to from it.
        first.request.headers[_HEADER] = self._token.authorization
        second: requests.Response = connection.send(first.request, **options)
        second.history.append(first)
        if self._is_refused(second):
            session._tell_of_a_401(self._token)
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
