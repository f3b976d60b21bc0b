"""A token as the `auth` of requests (https://requests.readthedocs.io); install `testpress[requests]`.

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

from testpress._origin import Origin
from testpress.token import Token

_HEADER = "Authorization"


class TokenAuth(AuthBase):
    """Adds the header to requests to the token's origin, and to no other: also not after a redirect.

    Usable for every request of a session, wherever it goes, and by many threads at once.
    """

    def __init__(self, token: Token) -> None:
        self._token = token
        self._origin = Origin.of_token(token)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if Origin.of_url(request.url or "") == self._origin:
            request.headers[_HEADER] = self._token.authorization
            request.register_hook("response", self._before_redirect)
        return request

    def _before_redirect(self, response: requests.Response, **_: Any) -> None:
        """requests copies the next request from this one, header included. It takes that out when the host changes,
        but not when http becomes https, nor in sessions that override its `rebuild_auth`."""
        location = response.headers.get("Location")
        if response.is_redirect and location and self._leads_away(response, location):
            response.request.headers.pop(_HEADER, None)

    def _leads_away(self, response: requests.Response, location: str) -> bool:
        return Origin.of_url(urljoin(response.url, location)) != self._origin

    def __repr__(self) -> str:
        return f"<testpress.requests.TokenAuth for {self._token!r}>"
