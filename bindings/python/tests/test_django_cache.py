"""The README's example of Django's cache: it saves logins, and no token outlives its expiry there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

import testpress
from login_site import LoginSite
from test_readme import EXAMPLES

(EXAMPLE,) = (example for example in EXAMPLES if "django" in example)
DEFINITION = EXAMPLE.partition("\ntoken = ")[0]

Ask = Callable[[testpress.Session], testpress.Token]


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "django_settings")
    from django.core.cache import cache

    cache.clear()
    return cache


@pytest.fixture
def token_from_cache(cache: Any) -> Ask:
    names: dict[str, Any] = {"testpress": testpress}
    exec(DEFINITION, names)
    return names["token_from_cache"]


def test_a_token_goes_in_and_out(site: LoginSite, token_from_cache: Ask) -> None:
    with site.session() as first:
        token = token_from_cache(first)
    # As in another machine, which has the cache and no token of its own.
    with site.session() as second:
        cached = token_from_cache(second)
    assert (cached.authorization, cached.origin) == (token.authorization, token.origin)
    assert cached.expires_at == token.expires_at
    assert len(site.logins) == 1


@pytest.mark.parametrize("lifetime", [1, 59, 60])
def test_one_that_expires_soon_does_not_go_in(
    site: LoginSite, cache: Any, token_from_cache: Ask, lifetime: int
) -> None:
    site.lifetime = lifetime
    assert token_from_cache(site.session()).username == "ada"
    assert cache.get("testpress") is None


def test_one_is_gone_a_minute_before_it_expires(site: LoginSite, cache: Any, token_from_cache: Ask) -> None:
    site.lifetime = 63
    begun = time.monotonic()
    token_from_cache(site.session())
    seen = False
    while cache.get("testpress") is not None:
        seen = True
        assert time.monotonic() - begun < 10
        time.sleep(0.02)
    assert seen


def test_one_without_an_expiry_is_not_kept_for_ever(
    site: LoginSite, cache: Any, token_from_cache: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_new_jwt", lambda: "opaque")
    kept: list[object] = []
    monkeypatch.setattr(type(cache._connections[cache._alias]), "set", lambda _, *arguments: kept.extend(arguments))
    assert token_from_cache(site.session()).jwt == "opaque"
    assert kept == ["testpress", "opaque", 300]
