"""httpx, sync and async: the header goes to the token's origin only, also after a redirect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest

import testpress
from testpress.httpx import TokenAuth
from two_origins import Site

Sites = tuple[Site, Site]
Get = Callable[..., list[httpx.Response]]


def get_sync(token: testpress.Token, *urls: str) -> list[httpx.Response]:
    with httpx.Client(auth=TokenAuth(token), follow_redirects=True, trust_env=False) as client:
        return [client.get(url) for url in urls]


def get_async(token: testpress.Token, *urls: str) -> list[httpx.Response]:
    async def all_at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(auth=TokenAuth(token), follow_redirects=True, trust_env=False) as client:
            return await asyncio.gather(*(client.get(url) for url in urls))

    return asyncio.run(all_at_once())


BOTH = pytest.mark.parametrize("get", [get_sync, get_async])


def token_of(site: Site) -> testpress.Token:
    return testpress.Token.from_jwt(site.origin, "abc")


@BOTH
def test_the_tokens_origin_gets_it_and_no_other_does(sites: Sites, get: Get) -> None:
    here, there = sites
    get(token_of(here), here.origin + "/whoami", there.origin + "/whoami", here.origin + "/whoami")
    assert here.authorizations == ["JWT abc", "JWT abc"]
    assert there.authorizations == [None]
    get(token_of(here), here.by_another_name + "/whoami")
    assert here.authorizations[2:] == [None]


@BOTH
def test_a_redirect_to_another_origin_does_not_take_it_along(sites: Sites, get: Get) -> None:
    here, there = sites
    for target in (there.origin, here.by_another_name, there.by_another_name):
        (answer,) = get(token_of(here), f"{here.origin}/to/{quote(target + '/whoami', safe='')}")
        assert answer.status_code == 200
    assert here.authorizations == ["JWT abc", "JWT abc", None, "JWT abc"]
    assert there.authorizations == [None, None]


@BOTH
def test_a_redirect_on_the_same_origin_takes_it_along(sites: Sites, get: Get) -> None:
    here, _ = sites
    get(token_of(here), f"{here.origin}/to/{quote('/whoami', safe='')}")
    assert here.authorizations == ["JWT abc", "JWT abc"]


@BOTH
def test_there_and_back_again(sites: Sites, get: Get) -> None:
    here, there = sites
    back = f"{there.origin}/to/{quote(here.origin + '/whoami', safe='')}"
    get(token_of(here), f"{here.origin}/to/{quote(back, safe='')}")
    assert here.authorizations == ["JWT abc", None]
    assert there.authorizations == [None]


@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("https://demo.testpress.in/x", True),
        ("https://demo.testpress.in:443/x", True),
        ("HTTPS://DEMO.Testpress.IN/x", True),
        ("http://demo.testpress.in/x", False),
        ("http://demo.testpress.in:443/x", False),
        ("https://demo.testpress.in:8443/x", False),
        ("https://demo.testpress.in.evil.example/x", False),
        ("https://demo.testpress.in@evil.example/x", False),
        ("https://evil.example#@demo.testpress.in/x", False),
    ],
)
def test_what_the_tokens_origin_is(url: str, goes: bool) -> None:
    auth = TokenAuth(testpress.Token.from_jwt("demo", "abc"))
    request = next(auth.auth_flow(httpx.Request("GET", url)))
    assert ("Authorization" in request.headers) == goes


@pytest.mark.parametrize("host", ["[::1]:8443", "xn--bcher-kva.example", "127.0.0.1"])
def test_hosts_of_another_kind(host: str) -> None:
    token = testpress.Token.from_jwt(f"https://{host}", "abc")
    request = next(TokenAuth(token).auth_flow(httpx.Request("GET", f"https://{host}/x")))
    assert request.headers["Authorization"] == "JWT abc"


def test_a_closed_token_is_an_error_before_anything_is_sent(sites: Sites) -> None:
    here, _ = sites
    token = token_of(here)
    auth = TokenAuth(token)
    token.close()
    with pytest.raises(testpress.InvalidArgumentError, match="closed"):
        httpx.get(here.origin, auth=auth)
    assert here.authorizations == []
