//! `tp_error`: an error of one call, with its texts as C has them.

use std::ffi::{CString, c_char};

use super::guard::guard;
use super::pointer::{borrowed, c_string, free};
use crate::error::Error;

/// Why a call failed. Immutable; it belongs to the call's caller alone, and outlives every other handle.
#[derive(Debug)]
pub struct tp_error {
    error: Error,
    message: CString,
    server_code: Option<CString>,
    server_message: Option<CString>,
    server_body: Option<CString>,
}

impl tp_error {
    pub(super) fn new(error: Error) -> tp_error {
        tp_error {
            message: c_string(error.message()),
            server_code: error.server_code().map(c_string),
            server_message: error.server_message().map(c_string),
            server_body: error.server_body().map(c_string),
            error,
        }
    }
}

/// The status that the call returned: a TP_E_ code. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_status(error: *const tp_error) -> i32 {
    error.as_ref().map_or(0, |error| error.error.status().code())
}

/// For the developer, in English: what happened, to which host, in which phase, and what to do. Never a secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_message(error: *const tp_error) -> *const c_char {
    borrowed(error.as_ref().map(|error| error.message.as_c_str()))
}

/// The HTTP status of the answer, such as 429; 0 when there was no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_http_status(error: *const tp_error) -> i32 {
    error.as_ref().and_then(|error| error.error.http_status()).map_or(0, i32::from)
}

/// The server's "error_code", such as "max_login_exceeded". NULL when it sent none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_server_code(error: *const tp_error) -> *const c_char {
    borrowed(error.as_ref().and_then(|error| error.server_code.as_deref()))
}

/// For the user: the server's own words, in the language it chose. NULL when it sent none. It may hold anything:
/// escape it before it goes into a page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_server_message(error: *const tp_error) -> *const c_char {
    borrowed(error.as_ref().and_then(|error| error.server_message.as_deref()))
}

/// The server's whole JSON answer, with the errors of each field. NULL when it was no JSON object, or longer than
/// 8 KiB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_server_body(error: *const tp_error) -> *const c_char {
    borrowed(error.as_ref().and_then(|error| error.server_body.as_deref()))
}

/// Seconds to wait before the next try, where the server named them (Retry-After); -1 when unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_retry_after(error: *const tp_error) -> i64 {
    let seconds = error.as_ref().and_then(|error| error.error.retry_after());
    seconds.and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(-1)
}

/// 1 when the same call may work later, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_retryable(error: *const tp_error) -> i32 {
    error.as_ref().is_some_and(|error| error.error.retryable()).into()
}

/// 1 when the server may have seen the request, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_request_sent(error: *const tp_error) -> i32 {
    error.as_ref().is_some_and(|error| error.error.request_sent()).into()
}

/// Frees an error. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_error_free(error: *mut tp_error) {
    guard((), || free(error))
}
