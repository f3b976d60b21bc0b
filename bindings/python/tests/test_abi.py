"""The prototypes of `_abi.py` against the C header, type by type."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path
from typing import Any

import pytest

from testpress import _abi

HEADER = (Path(__file__).resolve().parents[3] / "include/testpress.h").read_text("utf-8")

NOT_USED = {"tp_login", "tp_token_clone", "tp_error_status", "tp_session_cached"}

OUT = ctypes.POINTER(ctypes.c_void_p)


def declarations() -> dict[str, tuple[Any, list[Any]]]:
    code = re.sub(r"/\*.*?\*/|^#.*?$", "", HEADER, flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"^((?:const )?\w+ \**)(tp_\w+)\(([^)]*)\);", code, re.MULTILINE)
    return {name: (c_type(result), [c_type(text) for text in split(arguments)]) for result, name, arguments in found}


def split(arguments: str) -> list[str]:
    texts = [" ".join(text.split()) for text in arguments.split(",")]
    return [] if texts == ["void"] else [re.sub(r"\w+$", "", text) for text in texts]


def c_type(text: str) -> Any:
    text = text.replace("const ", "").replace(" ", "")
    plain = {"void": None, "int32_t": ctypes.c_int32, "int64_t": ctypes.c_int64, "char*": ctypes.c_char_p}
    if text in plain:
        return plain[text]
    if text == "tp_log_callback":
        return _abi.LogCallback
    return OUT if text.endswith("**") else ctypes.c_void_p


PROTOTYPES = {**_abi._BLOCKING, **_abi._QUICK}


@pytest.mark.parametrize("name", sorted(PROTOTYPES))
def test_a_prototype_is_the_headers(name: str) -> None:
    assert PROTOTYPES[name] == declarations()[name]


def test_no_function_is_forgotten() -> None:
    assert set(declarations()) - NOT_USED == set(PROTOTYPES)


def test_each_is_typed_for_python_too() -> None:
    assert {name for name in _abi.Abi.__annotations__ if name.startswith("tp_")} == set(PROTOTYPES)


def test_the_versions() -> None:
    assert re.search(r"#define TP_ABI_VERSION (\d+)", HEADER)[1] == str(_abi.ABI_VERSION)
    assert int(re.search(r"#define TP_VERSION_NUMBER (\d+)", HEADER)[1]) >= _abi.OLDEST_VERSION_NUMBER


def test_the_callback() -> None:
    assert "typedef void (*tp_log_callback)(void *context, int32_t level, const char *message);" in HEADER
    assert _abi.LogCallback._argtypes_ == (ctypes.c_void_p, ctypes.c_int32, ctypes.c_char_p)
    assert _abi.LogCallback._restype_ is None
