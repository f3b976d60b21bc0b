//! `tp_token`: shared by its clones.

use std::ffi::c_char;
use std::sync::Arc;

use super::error::tp_error;
use super::guard::{fallible, guard};
use super::pointer::{borrowed, text};
use crate::token::Token;

/// A login that succeeded. Immutable: share it between threads, clone it, free each clone once.
pub struct tp_token(Arc<Token>);

/// Gives a token to C, as one of its clones.
pub(super) fn share(token: impl Into<Arc<Token>>) -> *mut tp_token {
    Arc::into_raw(Arc::new(tp_token(token.into()))).cast_mut()
}

pub(super) unsafe fn get<'a>(token: *const tp_token) -> Option<&'a Token> {
    token.as_ref().map(|token| &*token.0)
}

/// The whole header line, "Authorization: JWT eyJ...", as curl_slist_append takes it. NULL for NULL.
///
/// A secret: send it to tp_token_origin only, and keep it out of logs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_auth_header(token: *const tp_token) -> *const c_char {
    borrowed(get(token).map(Token::auth_header_c))
}

/// Frees a token, and wipes it once its last clone is freed. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_free(token: *mut tp_token) {
    guard((), || {
        if !token.is_null() {
            drop(Arc::from_raw(token));
        }
    })
}

/// Makes a token from a JWT that was kept elsewhere: 1 byte to 8 KiB of visible ASCII. institute is as for tp_login, or
/// any http URL, and tells where the header may go. Nothing is sent, and nothing is verified: only the server can.
///
/// Fails with TP_E_INVALID_ARGUMENT. Frees and errors as for tp_login; from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_from_jwt(
    institute: *const c_char,
    jwt: *const c_char,
    token: *mut *mut tp_token,
    error: *mut *mut tp_error,
) -> i32 {
    fallible("token", token, error, || Token::from_jwt(text("institute", institute)?, text("jwt", jwt)?).map(share))
}

/// Another owner of the same token, to be freed on its own. NULL for NULL. Copies nothing; from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_clone(token: *const tp_token) -> *mut tp_token {
    if !token.is_null() {
        Arc::increment_strong_count(token);
    }
    token.cast_mut()
}

/// The header's value, "JWT eyJ...", for HTTP clients that take name and value apart. A secret. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_auth_value(token: *const tp_token) -> *const c_char {
    borrowed(get(token).map(Token::auth_value_c))
}

/// The JWT alone, "eyJ...". A secret. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_jwt(token: *const tp_token) -> *const c_char {
    borrowed(get(token).map(Token::jwt_c))
}

/// Where the header may go: scheme, host, and port if it is not the default, such as "https://demo.testpress.in".
/// NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_origin(token: *const tp_token) -> *const c_char {
    borrowed(get(token).map(Token::origin_c))
}

/// When the token expires (claim "exp"), in Unix seconds; 0 when unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_expires_at(token: *const tp_token) -> i64 {
    get(token).and_then(Token::expires_at).unwrap_or(0)
}

/// Seconds left by this machine's clock, negative when past; INT64_MAX when unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_expires_in(token: *const tp_token) -> i64 {
    get(token).and_then(Token::expires_in).unwrap_or(i64::MAX)
}

/// The claim "username", an integer as its digits. NULL when absent. Claims are what the token says: a hint, no proof.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_username(token: *const tp_token) -> *const c_char {
    borrowed(get(token).and_then(Token::username_c))
}

/// The claim "email". NULL when absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_email(token: *const tp_token) -> *const c_char {
    borrowed(get(token).and_then(Token::email_c))
}

/// The claim "user_id"; -1 when absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_user_id(token: *const tp_token) -> i64 {
    get(token).and_then(Token::user_id).unwrap_or(-1)
}

/// All claims: the JWT's payload, a JSON object in UTF-8. NULL when the token has none that can be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_token_claims(token: *const tp_token) -> *const c_char {
    borrowed(get(token).and_then(Token::claims_c))
}
