//! `tp_client`: a client of one institute.

use std::ffi::{CString, c_char};

use super::call::tp_call;
use super::config::tp_config;
use super::error::tp_error;
use super::guard::{fallible, guard};
use super::pointer::{borrowed, c_string, free, handle, own, text};
use super::token::{share, tp_token};
use crate::client::Client;
use crate::config::Config;

/// A client of one institute, with its connections. Thread-safe.
pub struct tp_client {
    pub(super) client: Client,
    origin: CString,
}

/// Makes a client of one institute (as for tp_login), with a copy of config; NULL for config takes the defaults.
///
/// Reads the files that options name, makes no connection; the system's trusted certificates are read before the first
/// one. The caller frees *client with tp_client_free. Fails with TP_E_INVALID_ARGUMENT; with TP_E_PROXY when the
/// environment's proxy is malformed; with TP_E_INTERNAL. From any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_client_new(
    institute: *const c_char,
    config: *const tp_config,
    client: *mut *mut tp_client,
    error: *mut *mut tp_error,
) -> i32 {
    fallible("client", client, error, || {
        let defaults = Config::new();
        let client = Client::new(text("institute", institute)?, config.as_ref().map_or(&defaults, |config| &config.0))?;
        Ok(own(tp_client { origin: c_string(client.origin()), client }))
    })
}

/// Where the client sends credentials, such as "https://demo.testpress.in". NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_client_origin(client: *const tp_client) -> *const c_char {
    borrowed(client.as_ref().map(|client| client.origin.as_c_str()))
}

/// Logs in, as tp_login does, over a connection that is kept for the next login where the server allows it.
///
/// Blocks until there is an answer, the deadline has passed, or call is cancelled (TP_E_CANCELLED). NULL for call
/// takes the client's timeout_ms and no cancellation. From many threads at once; none waits for another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_client_login(
    client: *const tp_client,
    username: *const c_char,
    password: *const c_char,
    call: *mut tp_call,
    token: *mut *mut tp_token,
    error: *mut *mut tp_error,
) -> i32 {
    fallible("token", token, error, || {
        let (client, username) = (handle("client", client)?, text("username", username)?);
        client.client.login(username, text("password", password)?, call.as_ref().map(|call| &call.0)).map(share)
    })
}

/// Frees a client and closes its connections. Its tokens live on. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_client_free(client: *mut tp_client) {
    guard((), || free(client))
}
