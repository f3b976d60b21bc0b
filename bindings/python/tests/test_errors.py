"""The exceptions: one for each status of the C header, in three groups, with everything that the library knows."""

from __future__ import annotations

import builtins
import copy
import pickle
import re
from pathlib import Path

import pytest

import testpress
from testpress import errors, library
from testpress._failure import failure
from testpress._handle import Handle

HEADER = Path(__file__).resolve().parents[3] / "include/testpress.h"

GROUPS = {
    testpress.NetworkError: "Dns Connect Tls Proxy Timeout OutcomeUnknown",
    testpress.RefusedError: "Rejected Locked TooManyDevices Throttled Unauthorized Forbidden NotFound BadRequest",
    testpress.ServerFaultError: "Server BadResponse",
    testpress.TestpressError: "InvalidArgument Internal Cancelled Store",
}


def statuses_of_the_header() -> dict[int, str]:
    found = re.findall(r"^#define (TP_E_\w+) (\d+)$", HEADER.read_text("utf-8"), re.MULTILINE)
    return {int(number): name for name, number in found}


def test_the_table_is_the_headers() -> None:
    table = {number: kind.status_name for number, kind in errors.CLASSES.items()}
    assert table == statuses_of_the_header()
    assert len(table) == 20


def test_the_table_is_the_librarys() -> None:
    for number, kind in errors.CLASSES.items():
        assert library.abi().tp_status_name(number).decode() == kind.status_name


def test_each_class_is_named_after_its_status() -> None:
    for kind in errors.CLASSES.values():
        words = kind.status_name[len("TP_E_") :].split("_")
        assert kind.__name__ == "".join(word.capitalize() for word in words) + "Error"
        assert getattr(testpress, kind.__name__) is kind
        assert kind.__doc__


def test_the_groups() -> None:
    for group, names in GROUPS.items():
        for name in names.split():
            assert group in getattr(testpress, name + "Error").__bases__
    assert sum(len(names.split()) for names in GROUPS.values()) == len(errors.CLASSES)
    assert all(issubclass(group, testpress.TestpressError) for group in GROUPS)


def test_the_builtin_ones_catch_them_too() -> None:
    assert issubclass(testpress.TimeoutError, builtins.TimeoutError)
    assert issubclass(testpress.InvalidArgumentError, ValueError)
    assert issubclass(testpress.FfiUnavailableError, ImportError)


def test_a_status_of_a_newer_library_raises_the_base_class() -> None:
    error = failure(library.abi(), 77, Handle(library.abi().tp_error_free))
    assert type(error) is testpress.TestpressError
    assert (error.status, error.status_name) == (77, "TP_E_?")


@pytest.mark.parametrize("kind", sorted({*errors.CLASSES.values(), *GROUPS}, key=lambda kind: kind.__name__))
def test_all_can_be_made_pickled_and_copied(kind: type[testpress.TestpressError]) -> None:
    error = kind("what happened", http_status=429, retry_after=7, server_body='{"a": ["b"]}')
    for twin in (error, copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is kind
        assert (str(twin), twin.message, twin.status) == ("what happened", "what happened", kind.status)
        assert (twin.http_status, twin.retry_after, twin.field_errors) == (429, 7, {"a": ["b"]})
        assert (twin.server_code, twin.retryable, twin.request_sent) == (None, False, False)


def test_a_wrong_attribute_is_an_error() -> None:
    with pytest.raises(TypeError, match="retry_afterwards"):
        testpress.ThrottledError("x", retry_afterwards=3)


def test_field_errors_are_the_lists_of_texts() -> None:
    body = '{"password": ["one", "two"], "detail": "no field", "code": "x", "odd": [1, {"a": 2}], "mixed": ["a", 1]}'
    assert errors.BadRequestError(server_body=body).field_errors == {"password": ["one", "two"], "mixed": ["a"]}


@pytest.mark.parametrize("body", [None, "", "[]", '"text"', "{", "[" * 100_000, '{"n": ' + "9" * 5000 + "}"])
def test_odd_bodies_have_no_field_errors(body: str | None) -> None:
    assert errors.BadRequestError(server_body=body).field_errors == {}


def test_library_errors_have_no_status() -> None:
    error = testpress.LibraryNotFoundError("x")
    assert (error.status, error.status_name) == (-1, "")
