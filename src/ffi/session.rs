//! `tp_session`: credentials in, always a valid token out.

use std::ffi::c_char;

use super::call::tp_call;
use super::client::tp_client;
use super::error::tp_error;
use super::guard::{fallible, guard};
use super::pointer::{free, handle, own, text};
use super::token::{get, share, tp_token};
use crate::session::Session;

/// Credentials, and always a valid token for them. Thread-safe.
pub struct tp_session(Session);

/// Makes a session of client's institute for one user. username and password are as for tp_login; they are copied, and
/// wiped when the session is freed. Nothing is sent: the first tp_session_token logs in.
///
/// Sessions of a process with the same origin, user and password share one token and one login. With the option store
/// set to file, all processes of the user do. A store is for an application's own account: a stored token proves
/// nothing about a password, so check people's with tp_client_login.
///
/// The session holds its client, which may be freed before it. The caller frees *session with tp_session_free. Fails
/// with TP_E_INVALID_ARGUMENT. From any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_new(
    client: *const tp_client,
    username: *const c_char,
    password: *const c_char,
    session: *mut *mut tp_session,
    error: *mut *mut tp_error,
) -> i32 {
    fallible("session", session, error, || {
        let (client, username) = (handle("client", client)?, text("username", username)?);
        Session::new(&client.client, username, text("password", password)?).map(|session| own(tp_session(session)))
    })
}

/// Gives a valid token: at once while there is one, else from a login, one for all who ask meanwhile. The caller frees
/// *token with tp_token_free.
///
/// A token that is about to expire is renewed by one caller, for at most 5 seconds; the others get it as it is. After
/// the server rejected the credentials (60 s) or throttled them (its wait), the same error comes back at once.
///
/// Blocks, fails, and takes call as tp_client_login does; each caller with a call of its own. After two new tokens in a
/// row were given to tp_session_reject, TP_E_UNAUTHORIZED for 60 s. From many threads at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_token(
    session: *const tp_session,
    call: *mut tp_call,
    token: *mut *mut tp_token,
    error: *mut *mut tp_error,
) -> i32 {
    fallible("token", token, error, || {
        handle("session", session)?.0.token(call.as_ref().map(|call| &call.0)).map(share)
    })
}

/// Tells that the server answered 401 to token: the next tp_session_token gives another. Nothing happens when it was
/// replaced already, so every thread may tell it. NULL for either is allowed. Never blocks; from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_reject(session: *const tp_session, token: *const tp_token) {
    guard((), || {
        if let (Some(session), Some(token)) = (session.as_ref(), get(token)) {
            session.0.reject(token);
        }
    })
}

/// Frees a session and wipes its credentials; its tokens live on. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_free(session: *mut tp_session) {
    guard((), || free(session))
}
