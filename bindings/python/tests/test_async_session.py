"""AsyncSession: one login for all tasks, and the loop goes on."""

from __future__ import annotations

import asyncio
import threading

import pytest

import testpress
from bad_server import Faults
from login_site import LoginSite


def async_session(site: LoginSite, password: str = "demo") -> testpress.AsyncSession:
    return testpress.AsyncSession(testpress.AsyncClient(site.origin, proxy="none"), "ada", password)


async def test_200_tasks_make_one_login(site: LoginSite) -> None:
    async with async_session(site) as session:
        tokens = await asyncio.gather(*(session.token() for _ in range(200)))
        assert await session.authorization() == tokens[0].authorization
    assert {token.jwt for token in tokens} == {site.logins[0]}
    assert len(site.logins) == 1


async def test_it_shares_with_a_session(site: LoginSite) -> None:
    token = await async_session(site).token()
    assert token.jwt == site.logins[0]
    with site.client() as client:
        assert testpress.Session(client, "ada", "demo").token().username == "ada"
        # Of the same origin, user and password, and alive.
        shared = async_session(site)
        assert (await shared.token()).jwt == (await testpress.AsyncSession(client, "ada", "demo").token()).jwt


async def test_a_rejected_token_is_replaced(site: LoginSite) -> None:
    session = async_session(site)
    session.reject(await session.token())
    assert (await session.token()).jwt == site.logins[1]


async def test_errors_are_the_same(site: LoginSite) -> None:
    session = async_session(site, "wrong")
    for sent in (True, False):
        with pytest.raises(testpress.RejectedError) as caught:
            await session.token()
        assert caught.value.request_sent == sent
    with pytest.raises(testpress.TimeoutError):
        await async_session(site).token(timeout=0)
    with pytest.raises(TypeError, match="own timeout"):
        await session.token(timeout=1, call=testpress.Call())


async def test_a_cancelled_task_leaves_the_others_their_login(site: LoginSite) -> None:
    session = async_session(site)
    site.gate.clear()
    tasks = [asyncio.create_task(session.token()) for _ in range(10)]
    await asyncio.to_thread(site.arrived.acquire)
    # Whether it was this one that led or not.
    tasks[0].cancel()
    await asyncio.wait(tasks[:1])
    assert tasks[0].cancelled()
    site.gate.set()
    tokens = await asyncio.gather(*tasks[1:])
    assert {token.jwt for token in tokens} <= set(site.logins)
    assert len({token.jwt for token in tokens}) == 1


async def test_a_call_ends_one_wait(faults: Faults) -> None:
    session = testpress.AsyncSession(faults.async_client("accept-silent"), "ada", "demo")
    call = testpress.Call()
    timer = threading.Timer(0.1, call.cancel)
    timer.start()
    with pytest.raises(testpress.CancelledError):
        await session.token(call=call)
    timer.join()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(session.token(), 0.1)


async def test_a_closed_one_raises(site: LoginSite) -> None:
    session = async_session(site)
    await session.aclose()
    with pytest.raises(testpress.InvalidArgumentError, match="AsyncSession is closed"):
        await session.token()
    with pytest.raises(testpress.InvalidArgumentError, match="AsyncSession is closed"):
        session.check_store()
    with pytest.raises(testpress.InvalidArgumentError, match="closed"):
        async with session:
            pass
    assert "closed" in repr(session)
