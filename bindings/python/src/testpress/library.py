"""Finding and loading libtestpress.

It is loaded when it is first needed, from the first of these that there is:

1. the file that `use(path)` names,
2. the file that the variable `TESTPRESS_LIBRARY` names,
3. the file that this package brings along,
4. the system's `libtestpress.so.1`.

When 1 or 2 can't be used, that is an error: nothing else is tried instead. What is loaded stays loaded until the
process ends. Every function here may be called from any thread.
"""

from __future__ import annotations

import os
from pathlib import Path

from testpress import errors
from testpress._abi import ABI_VERSION, OLDEST_VERSION_NUMBER, Abi

VARIABLE = "TESTPRESS_LIBRARY"
SONAME = "libtestpress.so.1"

_HINT = (
    "The wheels of the package testpress bring libtestpress along; for other machines build it "
    f"(make && make install), or name its file in {VARIABLE}."
)
_ABSENT = "no such file"

_loaded: Abi | None = None


def use(path: str | os.PathLike[str]) -> None:
    """Loads the library from this file, before anything else does.

    Raises a `LibraryError` when that fails, or when another file has been loaded before.
    """
    global _loaded
    wanted = os.fsdecode(path)
    if _loaded is None:
        _loaded = _load_only(wanted, "testpress.library.use")
    elif not _same_file(_loaded.path, wanted):
        raise errors.LibraryError(f"libtestpress was loaded from {_loaded.path} already, {wanted} comes too late")


def version() -> str:
    """The version of the loaded library, such as "0.1.0"."""
    return abi().tp_version().decode()


def path() -> str:
    """The file that the library was loaded from; a bare name when the system's loader found it."""
    return abi().path


def abi() -> Abi:
    """The library, loaded now if it is not yet. Two threads may both load it: the loader gives them the same."""
    global _loaded
    if _loaded is None:
        variable = os.environ.get(VARIABLE)
        _loaded = _load_only(variable, VARIABLE) if variable else _load_first([_bundled(), SONAME])
    return _loaded


def _bundled() -> str:
    return str(Path(__file__).with_name(SONAME))


def _load_only(path: str, setting: str) -> Abi:
    try:
        return _open(path)
    except FileNotFoundError:
        problem = f"{setting} names {path}, which is not there. Nothing else was tried. {_HINT}"
        raise errors.LibraryNotFoundError(problem) from None
    except OSError as error:
        problem = f"{setting} names {path}, which can't be loaded: {error}. Nothing else was tried."
        raise errors.LibraryNotLoadableError(problem) from None


def _load_first(candidates: list[str]) -> Abi:
    tried = []
    kind: type[errors.LibraryError] = errors.LibraryNotFoundError
    for candidate in candidates:
        try:
            return _open(candidate)
        except FileNotFoundError:
            tried.append(f"{candidate} ({_ABSENT})")
        except OSError as error:
            kind = errors.LibraryNotLoadableError
            tried.append(f"{candidate} ({error})")
    raise kind(f"no libtestpress could be loaded; tried: {', '.join(tried)}. {_HINT}")


def _open(path: str) -> Abi:
    """Loads one file and checks that it is the right library. FileNotFoundError and OSError tell of the file."""
    if os.sep in path:
        Path(path).stat()
    library = _dlopen(path)
    _check_version(library)
    try:
        library.bind()
    except AttributeError as error:
        raise OSError(f"it is not a whole libtestpress: {error}") from None
    return library


def _dlopen(path: str) -> Abi:
    try:
        return Abi(path)
    except AttributeError:
        raise OSError("it is not libtestpress: it has no tp_abi_version") from None
    except OSError as error:
        if not str(error).startswith(f"{path}: cannot open shared object file: No such file"):
            raise
        if os.sep not in path:
            raise FileNotFoundError(path) from None
        # The loader says the same of a file that is there, and is for another machine.
        raise OSError(f"{path} is there, but not for this machine") from None


def _check_version(library: Abi) -> None:
    found = library.tp_abi_version()
    if found != ABI_VERSION:
        raise errors.WrongAbiError(
            f"{library.path} has ABI {found}, this package speaks ABI {ABI_VERSION}: install the library and the "
            "package of the same version"
        )
    number = library.tp_version_number()
    if number < OLDEST_VERSION_NUMBER:
        raise errors.LibraryTooOldError(
            f"{library.path} is version {_dotted(number)}, this package needs {_dotted(OLDEST_VERSION_NUMBER)} or "
            "newer: update the library"
        )


def _dotted(number: int) -> str:
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"


def _same_file(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:
        return one == other
