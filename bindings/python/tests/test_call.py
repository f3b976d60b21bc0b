"""Deadlines and cancellation."""

from __future__ import annotations

import math
import threading
import time

import pytest

import testpress
from bad_server import Faults
from testpress.call import milliseconds


def test_a_timeout_of_one_login(faults: Faults) -> None:
    with faults.client("silent-after-request") as client:
        begun = time.monotonic()
        with pytest.raises(testpress.TimeoutError, match="250 ms") as caught:
            client.login("testpress", "demo", timeout=0.25)
        assert 0.2 < time.monotonic() - begun < 2
    assert (caught.value.retryable, caught.value.request_sent) == (True, True)
    assert isinstance(caught.value, TimeoutError)


def test_a_timeout_of_a_call(faults: Faults) -> None:
    with faults.client("accept-silent") as client, pytest.raises(testpress.TimeoutError, match="200 ms"):
        client.login("testpress", "demo", call=testpress.Call(0.2))


@pytest.mark.parametrize("timeout", [0, -1, -math.inf])
def test_a_deadline_that_has_passed(faults: Faults, timeout: float) -> None:
    with faults.client("ok") as client, pytest.raises(testpress.TimeoutError) as caught:
        client.login("testpress", "demo", timeout=timeout)
    assert not caught.value.request_sent


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, 0),
        (0, -1),
        (-0.0, -1),
        (-5, -1),
        (1e-9, 1),
        (0.25, 250),
        (2, 2000),
        (1e12, 86400000),
        (math.inf, 86400000),
    ],
)
def test_seconds_become_milliseconds(seconds: float | None, expected: int) -> None:
    assert milliseconds(seconds) == expected


@pytest.mark.parametrize("timeout", ["5", b"5", [], True, 1j])
def test_what_is_no_timeout(timeout: object) -> None:
    with pytest.raises(TypeError, match="timeout must be"):
        testpress.Call(timeout)


def test_not_a_number_is_no_timeout() -> None:
    with pytest.raises(testpress.InvalidArgumentError, match="timeout"):
        testpress.Call(math.nan)


def test_another_thread_cancels(faults: Faults) -> None:
    with faults.client("accept-silent") as client:
        call = testpress.Call()
        timer = threading.Timer(0.1, call.cancel)
        timer.start()
        begun = time.monotonic()
        with pytest.raises(testpress.CancelledError):
            client.login("testpress", "demo", call=call)
        assert time.monotonic() - begun < 2
        timer.join()


def test_a_login_in_a_thread_is_cancelled(faults: Faults) -> None:
    caught: list[BaseException] = []
    call = testpress.Call()

    def log_in() -> None:
        with faults.client("accept-silent") as client:
            try:
                client.login("testpress", "demo", call=call)
            except testpress.TestpressError as error:
                caught.append(error)

    thread = threading.Thread(target=log_in)
    thread.start()
    call.cancel()
    thread.join()
    assert isinstance(caught[0], testpress.CancelledError)


def test_a_cancelled_call_stays_cancelled(faults: Faults) -> None:
    call = testpress.Call()
    assert not call.cancelled
    call.cancel()
    call.cancel()
    assert call.cancelled
    with faults.client("ok") as client:
        for _ in range(2):
            with pytest.raises(testpress.CancelledError):
                client.login("testpress", "demo", call=call)
        assert client.login("testpress", "demo").username


def test_one_of_the_two(faults: Faults) -> None:
    with faults.client("ok") as client:
        with pytest.raises(TypeError, match="own timeout"):
            client.login("testpress", "demo", timeout=1, call=testpress.Call())
        with pytest.raises(TypeError, match=r"testpress\.Call"):
            client.login("testpress", "demo", call=object())


def test_a_call_may_serve_several_logins(faults: Faults) -> None:
    call = testpress.Call(timeout=10)
    with faults.client("ok") as client:
        names = [client.login("testpress", "demo", call=call).username for _ in range(3)]
    assert names == ["ada"] * 3
