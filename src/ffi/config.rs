//! `tp_config`: options by name, and the log callback.

use std::ffi::{c_char, c_void};

use super::error::tp_error;
use super::guard::{guard, status};
use super::pointer::{c_string, free, handle_mut, own, text};
use crate::config::{Config, quote};
use crate::error::Status;
use crate::log::Level;

/// Options for a client. One thread at a time.
pub struct tp_config(pub(super) Config);

/// Receives a log message: level is one of TP_LOG_, message is UTF-8 and lives until the callback returns. It may call
/// this library, but must not free the client or session that calls it, and must not unwind (longjmp, C++ exceptions).
pub type tp_log_callback = Option<unsafe extern "C" fn(context: *mut c_void, level: i32, message: *const c_char)>;

struct Callback {
    function: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    context: *mut c_void,
}

// SAFETY: the header asks that callback and context may be used from every thread that calls the client.
unsafe impl Send for Callback {}
// SAFETY: as above.
unsafe impl Sync for Callback {}

impl Callback {
    fn call(&self, level: Level, message: &str) {
        // SAFETY: valid until the client and its sessions are freed, by the header's contract.
        unsafe { (self.function)(self.context, level as i32, c_string(message).as_ptr()) }
    }
}

/// A configuration with every option at its default. The caller frees it with tp_config_free. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn tp_config_new() -> *mut tp_config {
    guard(std::ptr::null_mut(), || own(tp_config(Config::new())))
}

/// Sets one option; name and value are copied. Each with its default:
///
/// - api_version (v2.5): "v" and two numbers; v2.2, v2.3 and v2.5 are known.
/// - login_encoding (json): json or multipart.
/// - timeout_ms (30000): 1 to 86400000: the whole call.
/// - connect_timeout_ms (10000): 1 to 86400000: lookup, connection and TLS handshake; the smaller of the two counts.
/// - retries (2): 0 to 10: new tries when the request was provably not processed. With 0 no connection is kept.
/// - ca_file (none): PEM file of CA certificates that replaces the system's trust. Without it SSL_CERT_FILE counts, else
///   SSL_CERT_DIR, else the system's bundle.
/// - client_cert_file, client_key_file (none): PEM files: the client's certificate chain, and its private key,
///   unencrypted; both or neither.
/// - proxy (env): env, none, or http://[user:password@]host[:port], special characters percent-encoded. env reads
///   https_proxy or HTTPS_PROXY, else all_proxy or ALL_PROXY, but for the hosts of no_proxy or NO_PROXY, when a client is
///   made. With plain http, http_proxy takes the place of the first two; HTTP_PROXY is never read.
/// - user_agent (libtestpress/<version>): visible ASCII and spaces.
/// - device_uid, device_type (none): sent as X-Device-UID and X-Device-Type: visible ASCII and spaces.
/// - allow_http (false): true lets plain http go to more than this machine.
/// - store (memory): where sessions keep their token: memory, file (a directory of the user's own, for all of the user's
///   processes), or file:DIRECTORY, an absolute path.
/// - expiry_leeway (auto): seconds before its end that a session renews a token; auto: a tenth of its lifetime, 5 to 60.
///
/// Fails with TP_E_INVALID_ARGUMENT for an unknown name or a bad value, and then changes nothing; the message names
/// the option and what it takes. Files are read, and checked, by tp_client_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_config_set(
    config: *mut tp_config,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut tp_error,
) -> i32 {
    status(error, || {
        let config = handle_mut("config", config)?;
        let name = text("name", name)?;
        let value = text(&format!("the value of option {}", quote(name)), value)?;
        config.0.set(name, value).map(|_| ())
    })
}

/// Sends messages up to level (TP_LOG_ERROR to TP_LOG_DEBUG) to callback, with context as its first argument. NULL
/// for callback turns them off, whatever the level. No message carries a password or a token.
///
/// The callback runs only on a thread that is inside a call of a client made from this configuration, perhaps on many
/// at once; callback and context must stay valid until these clients and their sessions are freed.
///
/// Returns TP_OK, or TP_E_INVALID_ARGUMENT for NULL as config or another level.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_config_set_log(
    config: *mut tp_config,
    level: i32,
    callback: tp_log_callback,
    context: *mut c_void,
) -> i32 {
    guard(Status::Internal.code(), || {
        let known = Level::ALL.into_iter().find(|known| *known as i32 == level);
        match (config.as_mut(), callback, known) {
            (Some(config), None, _) => config.0.clear_log(),
            (Some(config), Some(function), Some(level)) => {
                let callback = Callback { function, context };
                config.0.set_log(level, move |level, message| callback.call(level, message))
            }
            _ => return Status::InvalidArgument.code(),
        };
        0
    })
}

/// Frees a configuration; clients made from it have their own copy. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_config_free(config: *mut tp_config) {
    guard((), || free(config))
}
