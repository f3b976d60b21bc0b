"""Ownership: closed, collected, raced, copied."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import weakref
from collections.abc import Callable

import pytest

import testpress
from bad_server import Faults
from testpress._handle import Handle, owned


def make_client() -> testpress.Client:
    return testpress.Client("demo")


def make_async_client() -> testpress.AsyncClient:
    return testpress.AsyncClient("demo")


def make_token() -> testpress.Token:
    return testpress.Token.from_jwt("demo", "abc")


def make_session() -> testpress.Session:
    return testpress.Session(make_client(), "u", "p")


def make_async_session() -> testpress.AsyncSession:
    return testpress.AsyncSession(make_async_client(), "u", "p")


MAKERS = [make_client, make_async_client, make_session, make_async_session, make_token]

CLOSABLE = pytest.mark.parametrize("make", MAKERS)
ALL = pytest.mark.parametrize("make", [*MAKERS, testpress.Call])


@CLOSABLE
def test_closing_twice_is_fine(make: Callable[[], testpress.Client]) -> None:
    handle = make()
    assert not handle.closed
    handle.close()
    handle.close()
    assert handle.closed
    assert "closed" in repr(handle)


def test_a_closed_client_raises() -> None:
    client = make_client()
    client.close()
    with pytest.raises(testpress.InvalidArgumentError, match="Client is closed"):
        client.login("u", "p")
    with pytest.raises(ValueError, match="closed"), client:
        pass
    assert client.origin == "https://demo.testpress.in"


async def test_a_closed_async_client_raises() -> None:
    client = make_async_client()
    await client.aclose()
    with pytest.raises(testpress.InvalidArgumentError, match="AsyncClient is closed"):
        await client.login("u", "p")
    with pytest.raises(testpress.InvalidArgumentError, match="closed"):
        async with client:
            pass


@pytest.mark.parametrize(
    "name",
    ["authorization", "header", "jwt", "origin", "expires_at", "expires_in", "username", "user_id", "email", "claims"],
)
def test_a_closed_token_raises(name: str) -> None:
    token = make_token()
    token.close()
    with pytest.raises(testpress.InvalidArgumentError, match="Token is closed"):
        getattr(token, name)


def test_with_closes() -> None:
    with make_client() as client:
        assert not client.closed
    assert client.closed


async def test_async_with_closes() -> None:
    async with make_async_client() as client:
        assert not client.closed
    assert client.closed


@ALL
def test_no_copies(make: Callable[[], object]) -> None:
    handle = make()
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="neither copied nor pickled"):
            attempt(handle)


@ALL
def test_the_collector_frees_what_is_not_closed(make: Callable[[], object]) -> None:
    handle = make()
    gone = weakref.ref(handle)
    del handle
    gc.collect()
    assert gone() is None


def test_a_native_object_is_freed_once_and_when_its_last_user_is_done() -> None:
    freed = []
    handle = owned(lambda pointer: freed.append(pointer.value), 4711)
    in_use = handle
    del handle
    assert freed == []
    del in_use
    assert freed == [4711]


def test_what_was_never_made_is_not_freed() -> None:
    freed: list[object] = []
    empty = Handle(freed.append)
    assert not empty
    del empty
    assert freed == []


def test_null_is_an_error() -> None:
    with pytest.raises(testpress.InternalError, match="memory"):
        owned(print, None)


def test_tokens_are_made_by_logins_only() -> None:
    with pytest.raises(TypeError, match=r"Token\.from_jwt"):
        testpress.Token(None, "eyJ")


def test_close_does_not_free_under_a_login(faults: Faults) -> None:
    """A login gets its token, or the client was closed before it began."""
    for _ in range(60):
        outcomes = race_logins_and_closes(faults.client("ok"))
        assert len(outcomes) == 4
        assert set(outcomes) <= {"ada", "closed"}


def race_logins_and_closes(client: testpress.Client) -> list[object]:
    outcomes: list[object] = []
    start = threading.Barrier(6)

    def log_in() -> None:
        start.wait()
        try:
            outcomes.append(client.login("testpress", "demo").username)
        except testpress.InvalidArgumentError:
            outcomes.append("closed")

    def close() -> None:
        start.wait()
        client.close()

    threads = [threading.Thread(target=target) for target in (log_in, close, log_in, log_in, close, log_in)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_token_that_is_closed_while_it_is_read() -> None:
    for _ in range(100):
        token = make_token()
        reader = threading.Thread(target=read_until_closed, args=(token, wrong := []))
        reader.start()
        token.close()
        reader.join()
        assert wrong == []


def read_until_closed(token: testpress.Token, wrong: list[str]) -> None:
    try:
        while True:
            if token.jwt != "abc":
                wrong.append("another text")
    except testpress.InvalidArgumentError:
        pass


def test_closing_during_a_login_lets_it_end(faults: Faults) -> None:
    client = faults.client("silent-after-request", timeout_ms=300)
    caught: list[BaseException] = []

    def log_in() -> None:
        try:
            client.login("testpress", "demo")
        except testpress.TestpressError as error:
            caught.append(error)

    thread = threading.Thread(target=log_in)
    thread.start()
    client.close()
    thread.join()
    # As it was closed before or after the login had begun.
    assert isinstance(caught[0], (testpress.TimeoutError, testpress.InvalidArgumentError))


@pytest.mark.parametrize("fault", ["ok", "rejected"])
@pytest.mark.parametrize("in_a_thread", [False, True])
def test_nothing_waits_for_the_collector(faults: Faults, fault: str, in_a_thread: bool) -> None:
    """Each call and each client has descriptors, which must not pile up."""
    gone: list[weakref.ref[object]] = []

    def log_in() -> None:
        client, call = faults.client(fault), testpress.Call()
        gone.extend([weakref.ref(client), weakref.ref(call)])
        try:
            gone.append(weakref.ref(client.login("testpress", "demo", call=call)))
        except testpress.RejectedError as error:
            gone.append(weakref.ref(error))

    gc.disable()
    try:
        if in_a_thread:
            thread = threading.Thread(target=log_in)
            thread.start()
            thread.join()
        else:
            log_in()
        assert [reference() for reference in gone] == [None] * 3
    finally:
        gc.enable()


def test_an_error_that_is_kept_does_not_keep_the_client(faults: Faults) -> None:
    client = faults.client("rejected")
    with pytest.raises(testpress.RejectedError) as caught:
        client.login("testpress", "demo")
    freed = []
    client._handle._free = freed.append
    client.close()
    assert len(freed) == 1
    assert caught.value.__traceback__ is not None
