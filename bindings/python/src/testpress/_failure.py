"""From a native error to the exception of its status."""

from __future__ import annotations

from testpress._abi import Abi
from testpress._handle import Handle
from testpress._text import decoded
from testpress.errors import CLASSES, TestpressError


def failure(abi: Abi, status: int, error: Handle) -> TestpressError:
    """Copies everything out of the native error, so that the exception outlives it."""
    kind = CLASSES.get(status, TestpressError)
    name = abi.tp_status_name(status).decode()
    pointer = error.pointer
    retry_after = abi.tp_error_retry_after(pointer)
    return kind(
        decoded(abi.tp_error_message(pointer)) or name,
        status=status,
        status_name=name,
        http_status=abi.tp_error_http_status(pointer) or None,
        server_code=decoded(abi.tp_error_server_code(pointer)),
        server_message=decoded(abi.tp_error_server_message(pointer)),
        server_body=decoded(abi.tp_error_server_body(pointer)),
        retry_after=None if retry_after < 0 else retry_after,
        retryable=bool(abi.tp_error_retryable(pointer)),
        request_sent=bool(abi.tp_error_request_sent(pointer)),
    )
