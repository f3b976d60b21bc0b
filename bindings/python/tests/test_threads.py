"""Many threads at once, and those that have nothing to do with a login."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import testpress
from bad_server import Faults


def test_one_client_serves_many_threads(faults: Faults) -> None:
    with faults.client("ok") as client, ThreadPoolExecutor(16) as pool:
        names = list(pool.map(lambda _: client.login("testpress", "demo").username, range(200)))
    assert names == ["ada"] * 200


def test_each_thread_has_its_own_error(faults: Faults, institute: str) -> None:
    expected = {
        ("testpress", "wrong"): testpress.RejectedError,
        ("locked", "demo"): testpress.LockedError,
        ("devices", "demo"): testpress.TooManyDevicesError,
        ("", "demo"): testpress.InvalidArgumentError,
    }

    def kind_of_failure(credentials: tuple[str, str]) -> type[BaseException]:
        with pytest.raises(testpress.TestpressError) as caught:
            client.login(*credentials)
        return caught.type

    with testpress.Client(institute) as client, ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(kind_of_failure, expected)) == list(expected.values())


def test_other_threads_go_on_during_a_login_of_the_main_thread(faults: Faults) -> None:
    check_that_others_go_on(faults)


def test_other_threads_go_on_during_a_login_of_a_thread(faults: Faults) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(check_that_others_go_on, faults).result()


def check_that_others_go_on(faults: Faults) -> None:
    """The login ends because another thread, which Python must let run, cancels it after much work."""
    call = testpress.Call(timeout=30)

    def work() -> None:
        sum(range(2_000_000))
        call.cancel()

    other = threading.Thread(target=work)
    with faults.client("accept-silent") as client:
        other.start()
        with pytest.raises(testpress.CancelledError):
            client.login("testpress", "demo", call=call)
    other.join()


def test_an_unrelated_login_passes_a_hundred_stalled_ones(faults: Faults) -> None:
    stalled, good = faults.client("silent-after-request"), faults.client("ok")
    call = testpress.Call(timeout=60)
    caught: list[BaseException] = []

    def stall() -> None:
        try:
            stalled.login("testpress", "demo", call=call)
        except testpress.TestpressError as error:
            caught.append(error)

    threads = [threading.Thread(target=stall) for _ in range(100)]
    for thread in threads:
        thread.start()
    assert good.login("testpress", "demo", timeout=20).username == "ada"
    assert caught == []
    call.cancel()
    for thread in threads:
        thread.join()
    assert {type(error) for error in caught} == {testpress.CancelledError}


def test_many_clients_at_once(faults: Faults) -> None:
    def log_in(_: int) -> bool:
        with faults.client("ok") as client:
            return client.login("testpress", "demo").authorization.startswith("JWT eyJ")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(log_in, range(100)))
