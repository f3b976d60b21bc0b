//! The table of status codes: number, name, default `retryable`, meaning.
//!
//! This is the single source: the Rust enum, the header's `TP_E_*` constants, `tp_status_name` and the tests of
//! the documentation are all made from it. `build.rs` includes this file, so it uses nothing but `core`.
//!
//! Numbers are fixed for ever and never reused. Their tens group them: 1–9 the caller, 10–19 the network,
//! 20–39 the server said no, 40–49 the server failed.

macro_rules! statuses {
    ($($variant:ident = $code:literal $name:literal $retryable:literal $meaning:literal)*) => {
        /// What went wrong, for a program to act on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        #[non_exhaustive]
        pub enum Status {
            $(#[doc = $meaning] $variant = $code,)*
        }

        impl Status {
            /// Every status, in the order of its number.
            pub const ALL: &'static [Status] = &[$(Status::$variant,)*];

            /// The number that C sees.
            pub const fn code(self) -> i32 {
                self as i32
            }

            /// The name that C sees, such as `TP_E_TLS`.
            pub const fn name(self) -> &'static str {
                match self { $(Status::$variant => $name,)* }
            }

            /// The name, NUL-terminated.
            #[allow(dead_code, reason = "only the C boundary needs it")]
            pub(crate) const fn c_name(self) -> &'static core::ffi::CStr {
                let name: &str = match self { $(Status::$variant => concat!($name, "\0"),)* };
                match core::ffi::CStr::from_bytes_with_nul(name.as_bytes()) {
                    Ok(name) => name,
                    Err(_) => panic!("a name has no NUL"),
                }
            }

            /// One line that says what the status means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Status::$variant => $meaning,)* }
            }

            /// Whether the same call may work later, where an error knows nothing better.
            pub const fn retryable(self) -> bool {
                match self { $(Status::$variant => $retryable,)* }
            }
        }
    };
}

statuses! {
    InvalidArgument = 1 "TP_E_INVALID_ARGUMENT" false
        "An argument or option breaks a rule; the message names it and what it takes."
    Internal = 2 "TP_E_INTERNAL" false
        "A bug in the library, or the process is out of descriptors or threads."
    Cancelled = 3 "TP_E_CANCELLED" false
        "The call was cancelled."
    Store = 4 "TP_E_STORE" false
        "The token store can't be used."
    Dns = 10 "TP_E_DNS" true
        "The name of the host could not be resolved."
    Connect = 11 "TP_E_CONNECT" true
        "No address of the host accepted a connection."
    Tls = 12 "TP_E_TLS" false
        "No trusted connection: the certificate was refused, or the handshake failed."
    Proxy = 13 "TP_E_PROXY" false
        "The proxy could not be used."
    Timeout = 14 "TP_E_TIMEOUT" true
        "The deadline passed; request_sent tells whether the server may have seen the request."
    OutcomeUnknown = 15 "TP_E_OUTCOME_UNKNOWN" true
        "The connection was lost after the request was sent and before its answer came."
    Rejected = 20 "TP_E_REJECTED" false
        "The server rejected the credentials: wrong name or password, or an inactive user."
    Locked = 21 "TP_E_LOCKED" false
        "The account is locked after too many failed logins (max_login_exceeded)."
    TooManyDevices = 22 "TP_E_TOO_MANY_DEVICES" false
        "The user is logged in on too many devices (parallel_login_restriction)."
    Throttled = 23 "TP_E_THROTTLED" true
        "Too many requests; retry_after tells the wait when the server named one."
    Unauthorized = 24 "TP_E_UNAUTHORIZED" false
        "The server did not accept the token: expired, withdrawn, or of a disabled user."
    Forbidden = 25 "TP_E_FORBIDDEN" false
        "The user may not do this."
    NotFound = 26 "TP_E_NOT_FOUND" false
        "No such page: check the institute and api_version."
    BadRequest = 27 "TP_E_BAD_REQUEST" false
        "The server did not accept the request; its answer names the fields."
    Server = 40 "TP_E_SERVER" true
        "The server failed (HTTP 5xx)."
    BadResponse = 41 "TP_E_BAD_RESPONSE" false
        "The answer is not one of the Testpress API: a captive portal, a redirect, malformed or cut short."
}
