"""asyncio: the loop goes on, and a cancelled task cancels its login."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import logging
import threading
import time
import weakref

import pytest

import fresh_python
import testpress
from bad_server import Faults


async def test_logins(faults: Faults) -> None:
    async with faults.async_client("ok") as client:
        assert client.origin == faults.origin("ok")
        assert (await client.login("testpress", "demo")).username == "ada"
        assert (await client.login("testpress", "demo", timeout=20)).username == "ada"
        tokens = await asyncio.gather(*(client.login("testpress", "demo") for _ in range(50)))
    assert {token.username for token in tokens} == {"ada"}


async def test_errors_are_the_same(faults: Faults) -> None:
    async with faults.async_client("throttled") as client:
        with pytest.raises(testpress.ThrottledError) as caught:
            await client.login("testpress", "demo")
    assert caught.value.retry_after == 60
    async with faults.async_client("ok") as client:
        with pytest.raises(TypeError, match="password must be a str"):
            await client.login("testpress", b"demo")
        with pytest.raises(testpress.TimeoutError):
            await client.login("testpress", "demo", timeout=0)


async def test_the_loop_goes_on(faults: Faults) -> None:
    async with faults.async_client("accept-silent") as client:
        call = testpress.Call(timeout=30)
        login = asyncio.create_task(client.login("testpress", "demo", call=call))
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert not login.done()
        call.cancel()
        with pytest.raises(testpress.CancelledError):
            await login


async def test_an_unrelated_login_passes_a_hundred_stalled_ones(faults: Faults) -> None:
    stalled, good = faults.async_client("silent-after-request"), faults.async_client("ok")
    logins = [asyncio.create_task(stalled.login("testpress", "demo", timeout=60)) for _ in range(100)]
    await asyncio.sleep(0)
    assert (await good.login("testpress", "demo", timeout=20)).username == "ada"
    assert not any(login.done() for login in logins)
    for login in logins:
        login.cancel()
    await asyncio.wait(logins)
    assert all(login.cancelled() for login in logins)


async def test_cancelling_the_task_cancels_the_login(faults: Faults, debug_log: pytest.LogCaptureFixture) -> None:
    async with faults.async_client("accept-silent") as client:
        login = asyncio.create_task(client.login("testpress", "demo"))
        await until(lambda: any("addresses of" in record.message for record in debug_log.records))
        begun = time.monotonic()
        login.cancel()
        with pytest.raises(asyncio.CancelledError):
            await login
        assert time.monotonic() - begun < 2
    # It had ended when the task did.
    assert "TP_E_CANCELLED" in debug_log.records[-1].message


async def test_a_deadline_of_asyncio(faults: Faults) -> None:
    async with faults.async_client("accept-silent") as client:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.login("testpress", "demo"), 0.1)


async def test_messages_are_logged_by_the_loops_thread_in_the_tasks_context(faults: Faults) -> None:
    request = contextvars.ContextVar("request", default="none")
    seen = set()

    class Look(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.add((threading.current_thread(), request.get()))

    logger, handler = logging.getLogger("testpress"), Look()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        async with faults.async_client("ok") as client:
            request.set("mine")
            await client.login("testpress", "demo")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert seen == {(threading.current_thread(), "mine")}


def test_one_client_in_the_loops_of_many_threads(faults: Faults) -> None:
    client = faults.async_client("ok")
    names: list[object] = []

    async def log_in() -> None:
        tokens = await asyncio.gather(*(client.login("testpress", "demo") for _ in range(10)))
        names.extend(token.username for token in tokens)

    threads = [threading.Thread(target=lambda: asyncio.run(log_in())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["ada"] * 40


@pytest.mark.parametrize("fault", ["ok", "rejected"])
async def test_nothing_waits_for_the_collector(faults: Faults, fault: str) -> None:
    gone: list[weakref.ref[object]] = []

    async def log_in() -> None:
        call = testpress.Call()
        gone.append(weakref.ref(call))
        try:
            gone.append(weakref.ref(await client.login("testpress", "demo", call=call)))
        except testpress.RejectedError as error:
            gone.append(weakref.ref(error))

    gc.disable()
    try:
        async with faults.async_client(fault) as client:
            await log_in()
        assert [reference() for reference in gone] == [None] * 2
    finally:
        gc.enable()


def test_without_a_thread_it_is_an_error(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("testpress._workers.start", lambda work: False)

    async def log_in() -> None:
        async with faults.async_client("ok") as client:
            await client.login("testpress", "demo")

    with pytest.raises(testpress.InternalError, match="thread"):
        asyncio.run(log_in())


ABANDON = """
    import asyncio
    client = testpress.AsyncClient(FAULTS["accept-silent"], ca_file=os.environ["TESTPRESS_FAULTS_CA"])
    async def main():
        task = asyncio.ensure_future(client.login("testpress", "demo"))
        await asyncio.sleep(0.05)
        return task
"""


def test_ctrl_c_ends_the_program() -> None:
    script = """
    import signal, threading
    async def wait():
        await client.login("testpress", "demo")
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        asyncio.run(wait())
    except KeyboardInterrupt:
        print("interrupted")
    """
    assert fresh_python.output(ABANDON + script) == "interrupted"


def test_a_loop_that_is_closed_over_a_login() -> None:
    """The login ends by itself, and tells nobody."""
    script = """
    loop = asyncio.new_event_loop()
    task = loop.run_until_complete(main())
    loop.close()
    task._log_destroy_pending = False
    task.get_coro().close()
    del task
    print("ended")
    """
    assert fresh_python.output(ABANDON + script) == "ended"


async def until(condition: object) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.001)
