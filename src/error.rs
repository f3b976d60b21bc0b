//! Error: what failed, why, and what to do. It never carries a password or a token.

use std::fmt;

pub use crate::status::Status;

/// A failed call.
///
/// [`message`](Error::message) is for the developer: what happened, to which host, in which phase, and what to do.
/// [`server_message`](Error::server_message) is for the user: the server's own, localised words.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

/// Everything an error may know. The network sets `request_sent`, the answer sets the server's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) status: Status,
    pub(crate) message: String,
    pub(crate) http_status: Option<u16>,
    pub(crate) server_code: Option<String>,
    pub(crate) server_message: Option<String>,
    pub(crate) server_body: Option<String>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) retryable: bool,
    pub(crate) request_sent: bool,
}

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Error {
        Error(Box::new(Details {
            status,
            message: message.into(),
            http_status: None,
            server_code: None,
            server_message: None,
            server_body: None,
            retry_after: None,
            retryable: status.retryable(),
            request_sent: false,
        }))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Error {
        Error::new(Status::InvalidArgument, message)
    }

    pub(crate) fn details_mut(&mut self) -> &mut Details {
        &mut self.0
    }

    /// The code to act on.
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// What happened and what to do, in English, for the developer. Never a secret.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The answer's HTTP status; `None` when there was no answer.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The server's `error_code`, such as `max_login_exceeded`.
    pub fn server_code(&self) -> Option<&str> {
        self.0.server_code.as_deref()
    }

    /// The server's own words, in the language it chose: what a login form shows to its user.
    pub fn server_message(&self) -> Option<&str> {
        self.0.server_message.as_deref()
    }

    /// The server's JSON answer, with its field errors; `None` when it was no JSON object or longer than 8 KiB.
    pub fn server_body(&self) -> Option<&str> {
        self.0.server_body.as_deref()
    }

    /// Seconds to wait before the next try, where the server named them (RFC 9110, section 10.2.3).
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// Whether the same call may work later.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether the server may have seen the request.
    pub fn request_sent(&self) -> bool {
        self.0.request_sent
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_fixed() {
        let table: Vec<(i32, &str)> = Status::ALL.iter().map(|s| (s.code(), s.name())).collect();
        assert_eq!(
            table,
            [
                (1, "TP_E_INVALID_ARGUMENT"),
                (2, "TP_E_INTERNAL"),
                (3, "TP_E_CANCELLED"),
                (4, "TP_E_STORE"),
                (10, "TP_E_DNS"),
                (11, "TP_E_CONNECT"),
                (12, "TP_E_TLS"),
                (13, "TP_E_PROXY"),
                (14, "TP_E_TIMEOUT"),
                (15, "TP_E_OUTCOME_UNKNOWN"),
                (20, "TP_E_REJECTED"),
                (21, "TP_E_LOCKED"),
                (22, "TP_E_TOO_MANY_DEVICES"),
                (23, "TP_E_THROTTLED"),
                (24, "TP_E_UNAUTHORIZED"),
                (25, "TP_E_FORBIDDEN"),
                (26, "TP_E_NOT_FOUND"),
                (27, "TP_E_BAD_REQUEST"),
                (40, "TP_E_SERVER"),
                (41, "TP_E_BAD_RESPONSE"),
            ]
        );
    }
}
