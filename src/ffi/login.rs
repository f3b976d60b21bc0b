//! The whole story for a simple program.

use std::ffi::c_char;

use super::error::tp_error;
use super::guard::fallible;
use super::pointer::text;
use super::token::{share, tp_token};

/// Logs in once, with the default options.
///
/// institute is a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com") or an https URL without a
/// path. username and password are 1 byte to 64 KiB each, sent exactly as given, to the institute and nowhere else.
///
/// Blocks for at most 30 seconds. Returns TP_OK and writes *token, which the caller frees with tp_token_free; or
/// returns another status and, where error is not NULL, writes *error, which the caller frees with tp_error_free.
/// Every TP_E_ status is possible but TP_E_CANCELLED, TP_E_STORE, and TP_E_UNAUTHORIZED, which is for later requests.
///
/// From any thread. A program that logs in more than once makes a tp_client, which keeps its connections.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_login(
    institute: *const c_char,
    username: *const c_char,
    password: *const c_char,
    token: *mut *mut tp_token,
    error: *mut *mut tp_error,
) -> i32 {
    fallible("token", token, error, || {
        let (institute, username) = (text("institute", institute)?, text("username", username)?);
        crate::login(institute, username, text("password", password)?).map(share)
    })
}
