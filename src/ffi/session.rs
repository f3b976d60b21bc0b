//! `tp_session`: credentials in, always a valid token out.

use std::ffi::c_char;

use super::call::tp_call;
use super::client::tp_client;
use super::error::tp_error;
use super::guard::{fallible, guard, status};
use super::pointer::{free, handle, own, text};
use super::token::{get, share, tp_token};
use crate::session::Session;

/// Credentials, and always a valid token for them. Thread-safe.
pub struct tp_session(Session);

/// Makes a session of client's institute for one user. username and password are as for tp_login; they are copied, and
/// wiped when the session is freed. Nothing is sent: the first tp_session_token logs in.
///
/// Sessions of a process with the same origin, user and password share one token and one login, unless their clients
/// differ in trust, client certificate, proxy, API version, login encoding or store. With the option store set to file,
/// all processes of the user do.
///
/// A session is for an application's own account. To check somebody else's password, call tp_client_login: a session
/// may have a token already, and then sends nothing.
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
/// A token that is about to expire is renewed by one caller, for at most 5 seconds while it is good; the others get it
/// as it is. After a login that failed, the same error comes back at once until the back-off has ended, with the seconds
/// that are left in tp_error_retry_after: 0.5 s to 30 s after a failure of the server or the network, 60 s to an hour
/// after a refusal, and the server's own Retry-After where it sent one. An explicit login (tp_client_login) is always
/// sent, and ends the back-off when it succeeds.
///
/// Blocks, fails, and takes call as tp_client_login does; each caller with a call of its own. From many threads at once.
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

/// The token that tp_session_token would give at once, or NULL where it would have to wait, log in or renew. The caller
/// frees it with tp_token_free. NULL for NULL.
///
/// Never blocks on another thread, the network or a lock. Where this process has no token yet, it reads the store, and no
/// other file. From many threads at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_cached(session: *const tp_session) -> *mut tp_token {
    guard(std::ptr::null_mut(), || {
        session.as_ref().and_then(|session| session.0.cached()).map_or(std::ptr::null_mut(), share)
    })
}

/// Tells that the server answered 401 to token: the next tp_session_token gives another. Nothing happens when it was
/// replaced already, so every thread may tell it. After two rejected tokens within a minute no login is made for a
/// minute, and the newest token is given: the server's 401 is an answer, and one page that says 401 must not stop the
/// others. NULL for either is allowed. Never waits; from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_reject(session: *const tp_session, token: *const tp_token) {
    guard((), || {
        if let (Some(session), Some(token)) = (session.as_ref(), get(token)) {
            session.0.reject(token);
        }
    })
}

/// Tries the store that the option store of the session's client names: reads, locks and writes. TP_OK, also for memory;
/// or TP_E_STORE, with what is wrong and what to do.
///
/// A login never fails for its store: one that can't be used is passed over, with a warning to the log. This is for those
/// who want to know, such as a health check. From any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_check_store(session: *const tp_session, error: *mut *mut tp_error) -> i32 {
    status(error, || handle("session", session)?.0.check_store())
}

/// Frees a session and wipes its credentials; its tokens live on. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_session_free(session: *mut tp_session) {
    guard((), || free(session))
}
