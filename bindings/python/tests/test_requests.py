"""requests: the header goes to the token's origin only, also after a redirect."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import requests
from requests.adapters import BaseAdapter

import testpress
from testpress.requests import TokenAuth
from two_origins import Site

Sites = tuple[Site, Site]


def token_of(site: Site) -> testpress.Token:
    return testpress.Token.from_jwt(site.origin, "abc")


def get(url: str, token: testpress.Token) -> requests.Response:
    return requests.get(url, auth=TokenAuth(token))


def test_the_tokens_origin_gets_it(sites: Sites) -> None:
    here, _ = sites
    get(here.origin + "/whoami", token_of(here))
    get(here.origin.replace("http", "HTTP") + "/whoami?a=b#c", token_of(here))
    assert here.authorizations == ["JWT abc", "JWT abc"]


def test_no_other_origin_gets_it(sites: Sites) -> None:
    here, there = sites
    get(there.origin + "/whoami", token_of(here))
    get(here.by_another_name + "/whoami", token_of(here))
    get(here.origin.replace("http://", "http://user:word@") + "/whoami", token_of(there))
    assert there.authorizations == [None]
    assert "JWT abc" not in here.authorizations


def test_a_redirect_to_another_origin_does_not_take_it_along(sites: Sites) -> None:
    here, there = sites
    for target in (there.origin, here.by_another_name, there.by_another_name):
        answer = get(f"{here.origin}/to/{quote(target + '/whoami', safe='')}", token_of(here))
        assert answer.status_code == 200
    assert here.authorizations == ["JWT abc", "JWT abc", None, "JWT abc"]
    assert there.authorizations == [None, None]


def test_a_redirect_on_the_same_origin_takes_it_along(sites: Sites) -> None:
    here, _ = sites
    for target in ("/whoami", here.origin + "/whoami"):
        get(f"{here.origin}/to/{quote(target, safe='')}", token_of(here))
    assert here.authorizations == ["JWT abc"] * 4


def test_there_and_back_again(sites: Sites) -> None:
    """What came from another origin is that origin's request: it gets nothing."""
    here, there = sites
    back = f"{there.origin}/to/{quote(here.origin + '/whoami', safe='')}"
    get(f"{here.origin}/to/{quote(back, safe='')}", token_of(here))
    assert here.authorizations == ["JWT abc", None]
    assert there.authorizations == [None]


def test_a_session_for_every_host(sites: Sites) -> None:
    here, there = sites
    with requests.Session() as session:
        session.auth = TokenAuth(token_of(here))
        for url in (here.origin, there.origin, here.origin):
            session.get(url + "/whoami")
    assert here.authorizations == ["JWT abc", "JWT abc"]
    assert there.authorizations == [None]


def test_a_session_that_keeps_headers_on_redirects(sites: Sites) -> None:
    """As many programs do to get along with their own servers."""

    class Keeping(requests.Session):
        def rebuild_auth(self, prepared_request: object, response: object) -> None:
            pass

    here, there = sites
    with Keeping() as session:
        session.auth = TokenAuth(token_of(here))
        session.get(f"{here.origin}/to/{quote(there.origin + '/whoami', safe='')}")
    assert here.authorizations == ["JWT abc"]
    assert there.authorizations == [None]


def test_from_http_to_https_on_the_same_host() -> None:
    """requests keeps headers there; but it is another origin."""
    sent = []

    class Canned(BaseAdapter):
        def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
            sent.append((request.url, request.headers.get("Authorization")))
            answer = requests.Response()
            answer.request, answer.url, answer.raw = request, request.url, None
            answer._content = b""
            answer.status_code = 302 if request.url.startswith("http:") else 200
            answer.headers["Location"] = "https://localhost/whoami"
            return answer

        def close(self) -> None:
            pass

    with requests.Session() as session:
        session.mount("http://", Canned())
        session.mount("https://", Canned())
        session.get("http://localhost/", auth=TokenAuth(testpress.Token.from_jwt("http://localhost", "abc")))
    assert sent == [("http://localhost/", "JWT abc"), ("https://localhost/whoami", None)]


@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("https://demo.testpress.in/x", True),
        ("https://demo.testpress.in:443/x", True),
        ("HTTPS://DEMO.Testpress.IN/x", True),
        ("https://demo.testpress.in", True),
        ("http://demo.testpress.in/x", False),
        ("https://demo.testpress.in:8443/x", False),
        ("https://demo.testpress.in.evil.example/x", False),
        ("https://evil.example/demo.testpress.in", False),
        ("https://demo.testpress.in@evil.example/x", False),
        ("https://evil.example\\@demo.testpress.in/x", False),
        ("https://evil.example#@demo.testpress.in/x", False),
        ("https://evil.example?@demo.testpress.in/x", False),
    ],
)
def test_what_the_tokens_origin_is(url: str, goes: bool) -> None:
    token = testpress.Token.from_jwt("demo", "abc")
    request = requests.Request("GET", url, auth=TokenAuth(token)).prepare()
    assert ("Authorization" in request.headers) == goes


def test_a_closed_token_is_an_error_before_anything_is_sent(sites: Sites) -> None:
    here, _ = sites
    token = token_of(here)
    auth = TokenAuth(token)
    token.close()
    with pytest.raises(testpress.InvalidArgumentError, match="closed"):
        requests.get(here.origin, auth=auth)
    assert here.authorizations == []
