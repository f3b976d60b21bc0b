"""Log in to a Testpress institute, and get the "Authorization: JWT …" header for every later request.

    import testpress

    token = testpress.login("demo", username, password)
    token.authorization   # "JWT eyJ…", for token.origin only

`Client` keeps its connections for the next login, `Session` always has a valid token. `AsyncClient` and `AsyncSession`
are the same for asyncio, and `Call` lets another thread end a login. Every failure is a `TestpressError`.
`testpress.requests` and `testpress.httpx` authenticate the requests of these two; `testpress.library` tells which
native library is used.
"""

from testpress import library
from testpress.async_client import AsyncClient
from testpress.async_session import AsyncSession
from testpress.call import Call
from testpress.client import Client, login
from testpress.errors import (
    BadRequestError,
    BadResponseError,
    CancelledError,
    ConnectError,
    DnsError,
    FfiUnavailableError,
    ForbiddenError,
    InternalError,
    InvalidArgumentError,
    LibraryError,
    LibraryNotFoundError,
    LibraryNotLoadableError,
    LibraryTooOldError,
    LockedError,
    NetworkError,
    NotFoundError,
    OutcomeUnknownError,
    ProxyError,
    RefusedError,
    RejectedError,
    ServerError,
    ServerFaultError,
    StoreError,
    TestpressError,
    ThrottledError,
    TimeoutError,
    TlsError,
    TooManyDevicesError,
    UnauthorizedError,
    WrongAbiError,
)
from testpress.session import Session
from testpress.token import Token

__version__ = "0.1.0"

__all__ = [
    "AsyncClient",
    "AsyncSession",
    "BadRequestError",
    "BadResponseError",
    "Call",
    "CancelledError",
    "Client",
    "ConnectError",
    "DnsError",
    "FfiUnavailableError",
    "ForbiddenError",
    "InternalError",
    "InvalidArgumentError",
    "LibraryError",
    "LibraryNotFoundError",
    "LibraryNotLoadableError",
    "LibraryTooOldError",
    "LockedError",
    "NetworkError",
    "NotFoundError",
    "OutcomeUnknownError",
    "ProxyError",
    "RefusedError",
    "RejectedError",
    "ServerError",
    "ServerFaultError",
    "Session",
    "StoreError",
    "TestpressError",
    "ThrottledError",
    "TimeoutError",
    "TlsError",
    "Token",
    "TooManyDevicesError",
    "UnauthorizedError",
    "WrongAbiError",
    "library",
    "login",
]
