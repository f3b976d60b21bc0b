"""Finding the library: the order of the places, and an error of its own for whatever is wrong with what is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import fresh_python

LIBRARY = os.environ["TESTPRESS_LIBRARY"]
SONAME = "libtestpress.so.1"

LOAD = """
try:
    print(testpress.library.version(), testpress.library.path())
except testpress.LibraryError as error:
    print(type(error).__name__, error)
"""


def loaded(script: str = LOAD, **changes: str | None) -> str:
    return fresh_python.output(script, "import testpress\n", **changes)


def fake_library(directory: Path, abi: int, version: int) -> str:
    """One of which only the two functions that are asked first are there."""
    source, library = directory / "fake.c", directory / SONAME
    functions = {"tp_abi_version": abi, "tp_version_number": version}
    source.write_text("\n".join(f"int {name}(void) {{ return {value}; }}" for name, value in functions.items()))
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    return str(library)


OF_ANOTHER_NAME = "testpress.library.SONAME = 'other.so.1'\n"
"""For when there must be none: this machine may have one among the system's libraries."""


def package_with(tmp_path: Path, library: str | None, name: str = SONAME) -> str:
    """A copy of the package that brings this library along."""
    shutil.copytree(fresh_python.SOURCE, tmp_path / "src", ignore=shutil.ignore_patterns(SONAME, "__pycache__"))
    if library:
        shutil.copy(library, tmp_path / "src/testpress" / name)
    return str(tmp_path / "src")


def test_the_variable() -> None:
    assert loaded() == f"0.1.0 {LIBRARY}"


def test_code_goes_before_the_variable() -> None:
    script = f"import pathlib; testpress.library.use(pathlib.Path({LIBRARY!r})){LOAD}"
    assert loaded(script, TESTPRESS_LIBRARY="/nonexistent") == f"0.1.0 {LIBRARY}"


def test_the_bundled_file_goes_before_the_systems(tmp_path: Path) -> None:
    source = package_with(tmp_path, LIBRARY)
    system = tmp_path / "system"
    system.mkdir()
    fake_library(system, abi=2, version=1000)
    printed = loaded(PYTHONPATH=source, TESTPRESS_LIBRARY=None, LD_LIBRARY_PATH=str(system))
    assert printed == f"0.1.0 {source}/testpress/{SONAME}"


@pytest.mark.parametrize("variable", [None, ""])
def test_the_systems_comes_last(tmp_path: Path, variable: str | None) -> None:
    shutil.copy(LIBRARY, tmp_path / SONAME)
    source = package_with(tmp_path, None)
    printed = loaded(PYTHONPATH=source, TESTPRESS_LIBRARY=variable, LD_LIBRARY_PATH=str(tmp_path))
    assert printed == f"0.1.0 {SONAME}"


def test_nothing_there_names_every_path_and_what_to_do(tmp_path: Path) -> None:
    source = package_with(tmp_path, None)
    printed = loaded(OF_ANOTHER_NAME + LOAD, PYTHONPATH=source, TESTPRESS_LIBRARY=None)
    assert printed.startswith("LibraryNotFoundError no libtestpress could be loaded; tried: ")
    assert f"{source}/testpress/other.so.1 (no such file), other.so.1 (no such file)" in printed
    assert "TESTPRESS_LIBRARY" in printed


def test_the_package_can_be_imported_without_a_library() -> None:
    assert loaded("print(testpress.__version__)", TESTPRESS_LIBRARY="/nonexistent") == "0.1.0"


def test_it_is_looked_for_again(tmp_path: Path) -> None:
    script = f"{LOAD}\nimport os\nos.environ['TESTPRESS_LIBRARY'] = {LIBRARY!r}\n{LOAD}"
    first, second = loaded(script, TESTPRESS_LIBRARY=str(tmp_path / "none")).splitlines()
    assert first.startswith("LibraryNotFoundError")
    assert second == f"0.1.0 {LIBRARY}"


SETTINGS = pytest.mark.parametrize("setting", ["TESTPRESS_LIBRARY", "testpress.library.use"])


AS_NOBODY = "import os\nif os.geteuid() == 0: os.seteuid(65534)\n"
"""Root may read everything."""


def loaded_from(path: object, setting: str, first: str = "") -> str:
    """With a good library in all the places that come later."""
    good = str(Path(LIBRARY).parent)
    if setting == "TESTPRESS_LIBRARY":
        return loaded(first + LOAD, TESTPRESS_LIBRARY=str(path), LD_LIBRARY_PATH=good)
    use = LOAD.replace("print(testpress.library.version(), testpress.library.path())", f"{setting}({str(path)!r})")
    return loaded(first + use, LD_LIBRARY_PATH=good)


@SETTINGS
def test_an_override_that_is_not_there_is_fatal(tmp_path: Path, setting: str) -> None:
    for path in (tmp_path / "none.so", tmp_path / "no" / "folder.so", "no-such-libtestpress.so.1"):
        printed = loaded_from(path, setting)
        assert printed.startswith(f"LibraryNotFoundError {setting} names {path}, which is not there")


@SETTINGS
def test_a_file_that_is_no_library(tmp_path: Path, setting: str) -> None:
    text = tmp_path / "text.so"
    text.write_text("not a library")
    assert loaded_from(text, setting).startswith(
        f"LibraryNotLoadableError {setting} names {text}, which can't be loaded"
    )
    assert loaded_from(tmp_path, setting).startswith("LibraryNotLoadableError")
    assert loaded_from(text / "below.so", setting).startswith("LibraryNotLoadableError")


@SETTINGS
def test_a_library_of_something_else(setting: str) -> None:
    printed = loaded_from("libc.so.6", setting)
    assert printed.startswith("LibraryNotLoadableError")
    assert "is not libtestpress" in printed


@SETTINGS
def test_a_library_of_another_machine(tmp_path: Path, setting: str) -> None:
    foreign = bytearray(Path(LIBRARY).read_bytes())
    foreign[18] ^= 0xFF
    path = tmp_path / SONAME
    path.write_bytes(foreign)
    printed = loaded_from(path, setting)
    assert printed.startswith("LibraryNotLoadableError")
    assert "not for this machine" in printed


@SETTINGS
def test_a_library_without_read_permission(setting: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, SONAME)
        shutil.copy(LIBRARY, path)
        path.chmod(0)
        Path(directory).chmod(0o755)
        printed = loaded_from(path, setting, AS_NOBODY)
    assert printed.startswith("LibraryNotLoadableError")
    assert "Permission denied" in printed


@SETTINGS
def test_another_abi(tmp_path: Path, setting: str) -> None:
    path = fake_library(tmp_path, abi=2, version=1000)
    printed = loaded_from(path, setting)
    assert printed.startswith(f"WrongAbiError {path} has ABI 2, this package speaks ABI 1")


@SETTINGS
def test_too_old(tmp_path: Path, setting: str) -> None:
    path = fake_library(tmp_path, abi=1, version=999)
    printed = loaded_from(path, setting)
    assert printed.startswith(f"LibraryTooOldError {path} is version 0.0.999, this package needs 0.1.0 or newer")


@SETTINGS
def test_a_library_that_lacks_functions(tmp_path: Path, setting: str) -> None:
    printed = loaded_from(fake_library(tmp_path, abi=1, version=1000), setting)
    assert printed.startswith("LibraryNotLoadableError")
    assert "tp_client_new" in printed


def test_a_bundled_file_that_is_broken_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("not a library")
    source = package_with(tmp_path, str(broken), name="other.so.1")
    printed = loaded(OF_ANOTHER_NAME + LOAD, PYTHONPATH=source, TESTPRESS_LIBRARY=None)
    assert printed.startswith("LibraryNotLoadableError")
    for part in (f"{source}/testpress/other.so.1", "file too short", "other.so.1 (no such file)"):
        assert part in printed


def test_a_choice_that_comes_too_late(tmp_path: Path) -> None:
    other = shutil.copy(LIBRARY, tmp_path / "other.so")
    script = f"""
testpress.library.version()
testpress.library.use({LIBRARY!r})
try:
    testpress.library.use({str(other)!r})
except testpress.LibraryError as error:
    print(error)
"""
    assert "comes too late" in loaded(script)


def test_a_path_outside_ascii_in_any_locale(tmp_path: Path) -> None:
    path = tmp_path / "é-🔑.so"
    shutil.copy(LIBRARY, path)
    printed = loaded("print(testpress.library.version())", TESTPRESS_LIBRARY=str(path), LC_ALL="C", PYTHONUTF8="0")
    assert printed == "0.1.0"


def test_a_python_without_ctypes() -> None:
    script = """
try:
    import testpress
except ImportError as error:
    print(type(error).__name__, error)
"""
    printed = fresh_python.output(script, "import sys; sys.modules['ctypes'] = None\n")
    assert printed.startswith("FfiUnavailableError this Python has no ctypes")
