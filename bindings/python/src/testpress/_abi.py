"""The functions of libtestpress with their C types: the one place that repeats include/testpress.h."""

from __future__ import annotations

from typing import Any, Callable, Optional

from testpress.errors import FfiUnavailableError

try:
    import ctypes
    from ctypes import POINTER, c_char_p, c_int32, c_int64, c_void_p
except ImportError as error:
    raise FfiUnavailableError(f"this Python has no ctypes, which calls libtestpress: {error}") from None

ABI_VERSION = 1
OLDEST_VERSION_NUMBER = 1000  # 0.1.0

LogCallback = ctypes.CFUNCTYPE(None, c_void_p, c_int32, c_char_p)

Pointer = c_void_p
out = ctypes.byref

_OUT = POINTER(c_void_p)

# Those that may wait, for a network, a disk or a lock: the GIL is released while they run.
_BLOCKING: dict[str, tuple[Any, list[Any]]] = {
    "tp_client_new": (c_int32, [c_char_p, c_void_p, _OUT, _OUT]),
    "tp_client_login": (c_int32, [c_void_p, c_char_p, c_char_p, c_void_p, _OUT, _OUT]),
    "tp_client_free": (None, [c_void_p]),
    "tp_session_token": (c_int32, [c_void_p, c_void_p, _OUT, _OUT]),
    "tp_session_check_store": (c_int32, [c_void_p, _OUT]),
    "tp_session_free": (None, [c_void_p]),
}

# Those that return at once keep the GIL: giving it up would cost each getter up to 5 ms beside a busy thread.
_QUICK: dict[str, tuple[Any, list[Any]]] = {
    "tp_abi_version": (c_int32, []),
    "tp_version_number": (c_int32, []),
    "tp_version": (c_char_p, []),
    "tp_status_name": (c_char_p, [c_int32]),
    "tp_config_new": (c_void_p, []),
    "tp_config_set": (c_int32, [c_void_p, c_char_p, c_char_p, _OUT]),
    "tp_config_set_log": (c_int32, [c_void_p, c_int32, LogCallback, c_void_p]),
    "tp_config_free": (None, [c_void_p]),
    "tp_call_new": (c_void_p, [c_int64]),
    "tp_call_cancel": (None, [c_void_p]),
    "tp_call_free": (None, [c_void_p]),
    "tp_client_origin": (c_char_p, [c_void_p]),
    "tp_session_new": (c_int32, [c_void_p, c_char_p, c_char_p, _OUT, _OUT]),
    "tp_session_reject": (None, [c_void_p, c_void_p]),
    "tp_token_from_jwt": (c_int32, [c_char_p, c_char_p, _OUT, _OUT]),
    "tp_token_free": (None, [c_void_p]),
    "tp_auth_header": (c_char_p, [c_void_p]),
    "tp_auth_value": (c_char_p, [c_void_p]),
    "tp_token_jwt": (c_char_p, [c_void_p]),
    "tp_token_origin": (c_char_p, [c_void_p]),
    "tp_token_expires_at": (c_int64, [c_void_p]),
    "tp_token_expires_in": (c_int64, [c_void_p]),
    "tp_token_username": (c_char_p, [c_void_p]),
    "tp_token_email": (c_char_p, [c_void_p]),
    "tp_token_user_id": (c_int64, [c_void_p]),
    "tp_token_claims": (c_char_p, [c_void_p]),
    "tp_error_message": (c_char_p, [c_void_p]),
    "tp_error_http_status": (c_int32, [c_void_p]),
    "tp_error_server_code": (c_char_p, [c_void_p]),
    "tp_error_server_message": (c_char_p, [c_void_p]),
    "tp_error_server_body": (c_char_p, [c_void_p]),
    "tp_error_retry_after": (c_int64, [c_void_p]),
    "tp_error_retryable": (c_int32, [c_void_p]),
    "tp_error_request_sent": (c_int32, [c_void_p]),
    "tp_error_free": (None, [c_void_p]),
}

_Text = Callable[[c_void_p], Optional[bytes]]
_Number = Callable[[c_void_p], int]
_Free = Callable[[c_void_p], None]


class Abi:
    """A loaded library. Raises OSError when the file can't be loaded, AttributeError when it lacks a function."""

    tp_client_new: Callable[..., int]
    tp_client_login: Callable[..., int]
    tp_client_free: _Free
    tp_session_token: Callable[..., int]
    tp_session_check_store: Callable[..., int]
    tp_session_free: _Free
    tp_abi_version: Callable[[], int]
    tp_version_number: Callable[[], int]
    tp_version: Callable[[], bytes]
    tp_status_name: Callable[[int], bytes]
    tp_config_new: Callable[[], int | None]
    tp_config_set: Callable[..., int]
    tp_config_set_log: Callable[..., int]
    tp_config_free: _Free
    tp_call_new: Callable[[int], int | None]
    tp_call_cancel: Callable[[c_void_p], None]
    tp_call_free: _Free
    tp_client_origin: _Text
    tp_session_new: Callable[..., int]
    tp_session_reject: Callable[[c_void_p, c_void_p], None]
    tp_token_from_jwt: Callable[..., int]
    tp_token_free: _Free
    tp_auth_header: _Text
    tp_auth_value: _Text
    tp_token_jwt: _Text
    tp_token_origin: _Text
    tp_token_expires_at: _Number
    tp_token_expires_in: _Number
    tp_token_username: _Text
    tp_token_email: _Text
    tp_token_user_id: _Number
    tp_token_claims: _Text
    tp_error_message: _Text
    tp_error_http_status: _Number
    tp_error_server_code: _Text
    tp_error_server_message: _Text
    tp_error_server_body: _Text
    tp_error_retry_after: _Number
    tp_error_retryable: _Number
    tp_error_request_sent: _Number
    tp_error_free: _Free

    def __init__(self, path: str) -> None:
        self.path = path
        self._blocking = ctypes.CDLL(path)
        self._quick = ctypes.PyDLL(path, handle=self._blocking._handle)
        # Before the others are looked up: they may not be there in a library of another ABI.
        self._bind(self._quick, {name: _QUICK[name] for name in ("tp_abi_version", "tp_version_number")})

    def bind(self) -> None:
        """Looks up every function; for a library that was found to be the right one."""
        self._bind(self._blocking, _BLOCKING)
        self._bind(self._quick, _QUICK)

    def _bind(self, library: ctypes.CDLL, prototypes: dict[str, tuple[Any, list[Any]]]) -> None:
        for name, (result, arguments) in prototypes.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)


def keep_for_ever(callback: Any) -> Any:
    """A callback that native threads may still call while the interpreter takes its modules apart."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(callback))
    return callback
