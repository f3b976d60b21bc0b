"""What can go wrong: one exception per status of the library, in three groups.

    TestpressError
    ├── InvalidArgumentError (ValueError), InternalError, CancelledError, StoreError
    ├── NetworkError       no answer: DNS, connect, TLS, proxy, timeout, connection lost
    ├── RefusedError       the server said no: credentials, a lock, too many devices, throttled …
    ├── ServerFaultError   the server failed, or is not Testpress's
    └── LibraryError       the native library could not be loaded

The class statements below are the table of statuses: each names its own. A status that is newer than this package
raises `TestpressError` itself.
"""

from __future__ import annotations

import builtins
import json
from typing import Any, Callable

NO_STATUS = -1

CLASSES: dict[int, type[TestpressError]] = {}
"""The class of each status that has one of its own, by its number."""


class TestpressError(Exception):
    """The base of all errors of this package. Immutable by convention, and picklable; it never holds a secret."""

    # pytest would take the class for a suite by its name.
    __test__ = False

    status: int = NO_STATUS
    """The number of the status, such as 20; -1 for a `LibraryError`, which has none."""
    status_name: str = ""
    """The name of the status, such as "TP_E_REJECTED"."""
    message: str
    """For the developer, in English: what happened, to which host, in which phase, and what to do."""
    http_status: int | None = None
    """The HTTP status of the answer; None when there was no answer."""
    server_code: str | None = None
    """The server's `error_code`, such as "max_login_exceeded"."""
    server_message: str | None = None
    """For the user: the server's own words, in the language it chose. Escape it before it goes into a page."""
    server_body: str | None = None
    """The server's whole JSON answer, up to 8 KiB."""
    retry_after: int | None = None
    """Seconds to wait before the next try, where the server named them."""
    retryable: bool = False
    """Whether the same call may work later."""
    request_sent: bool = False
    """Whether the server may have seen the request."""

    def __init_subclass__(cls, status: int | None = None, status_name: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if status is not None:
            cls.status, cls.status_name = status, status_name
            CLASSES[status] = cls

    def __init__(self, message: str = "", **attributes: Any) -> None:
        super().__init__(message)
        self.message = message
        for name, value in attributes.items():
            if name not in TestpressError.__annotations__:
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}")
            setattr(self, name, value)

    @property
    def field_errors(self) -> dict[str, list[str]]:
        """The errors of each field of the form that was sent, from the server's answer: empty when it named none.

        Like `server_message` they are for the user, and need escaping in a page.
        """
        answer = _json_object(self.server_body)
        texts = {field: _texts(value) for field, value in answer.items()}
        return {field: found for field, found in texts.items() if found}

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        # multiprocessing sends exceptions home; the default would lose what is beside the message.
        return _restore, (type(self), self.message, self.__dict__)


def _restore(kind: type[TestpressError], message: str, attributes: dict[str, Any]) -> TestpressError:
    error = kind(message)
    error.__dict__.update(attributes)
    return error


def _json_object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    """Django REST framework gives a field's errors as a list; what is no list (`detail`, `error_code`) is no field."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


class InvalidArgumentError(TestpressError, ValueError, status=1, status_name="TP_E_INVALID_ARGUMENT"):
    """An argument or option breaks a rule, or the handle is closed; the message names it and what it takes."""


class InternalError(TestpressError, status=2, status_name="TP_E_INTERNAL"):
    """A bug in the library, or the process is out of descriptors or threads."""


class CancelledError(TestpressError, status=3, status_name="TP_E_CANCELLED"):
    """The call was cancelled with `Call.cancel()`, or the interpreter is ending."""


class StoreError(TestpressError, status=4, status_name="TP_E_STORE"):
    """The token store can't be used. Only `Session.check_store()` raises it."""


class NetworkError(TestpressError):
    """There was no answer."""


class DnsError(NetworkError, status=10, status_name="TP_E_DNS"):
    """The name of the host could not be resolved."""


class ConnectError(NetworkError, status=11, status_name="TP_E_CONNECT"):
    """No address of the host accepted a connection."""


class TlsError(NetworkError, status=12, status_name="TP_E_TLS"):
    """No trusted connection: the certificate was refused, or the handshake failed."""


class ProxyError(NetworkError, status=13, status_name="TP_E_PROXY"):
    """The proxy could not be used."""


class TimeoutError(NetworkError, builtins.TimeoutError, status=14, status_name="TP_E_TIMEOUT"):
    """The deadline passed; `request_sent` tells whether the server may have seen the request."""


class OutcomeUnknownError(NetworkError, status=15, status_name="TP_E_OUTCOME_UNKNOWN"):
    """The connection was lost after the request was sent and before its answer came."""


class RefusedError(TestpressError):
    """The server said no."""


class RejectedError(RefusedError, status=20, status_name="TP_E_REJECTED"):
    """The server rejected the credentials: wrong name or password, or an inactive user."""


class LockedError(RefusedError, status=21, status_name="TP_E_LOCKED"):
    """The account is locked after too many failed logins (max_login_exceeded)."""


class TooManyDevicesError(RefusedError, status=22, status_name="TP_E_TOO_MANY_DEVICES"):
    """The user is logged in on too many devices (parallel_login_restriction)."""


class ThrottledError(RefusedError, status=23, status_name="TP_E_THROTTLED"):
    """Too many requests; `retry_after` tells the wait when the server named one."""


class UnauthorizedError(RefusedError, status=24, status_name="TP_E_UNAUTHORIZED"):
    """The server did not accept the token: expired, withdrawn, or of a disabled user."""


class ForbiddenError(RefusedError, status=25, status_name="TP_E_FORBIDDEN"):
    """The user may not do this."""


class NotFoundError(RefusedError, status=26, status_name="TP_E_NOT_FOUND"):
    """No such page: check the institute and `api_version`."""


class BadRequestError(RefusedError, status=27, status_name="TP_E_BAD_REQUEST"):
    """The server did not accept the request; `field_errors` names the fields."""


class ServerFaultError(TestpressError):
    """The server failed, or something answered in its place."""


class ServerError(ServerFaultError, status=40, status_name="TP_E_SERVER"):
    """The server failed (HTTP 5xx)."""


class BadResponseError(ServerFaultError, status=41, status_name="TP_E_BAD_RESPONSE"):
    """The answer is not one of the Testpress API: a captive portal, a redirect, malformed or cut short."""


class LibraryError(TestpressError):
    """The native library could not be loaded: one of the five below tells why."""


class FfiUnavailableError(LibraryError, ImportError):
    """This Python was built without ctypes: raised by `import testpress`."""


class LibraryNotFoundError(LibraryError):
    """There is no libtestpress; the message lists every path that was tried."""


class LibraryNotLoadableError(LibraryError):
    """A file was found and can't be loaded: no library, of another machine, without read permission …"""


class WrongAbiError(LibraryError):
    """The library has another ABI than this package speaks."""


class LibraryTooOldError(LibraryError):
    """The library is older than this package needs."""
