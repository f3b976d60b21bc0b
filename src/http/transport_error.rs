//! TransportError: what our transport tells through ureq's errors, as a type that survives the way back.

use std::fmt;

use crate::call::Interruption;

/// Why an attempt failed, before it is an `Error`.
pub(super) enum TransportError {
    /// The call's deadline, or its connect timeout.
    Timeout,
    Cancelled,
    Dns(String),
    Connect(String),
    /// The handshake failed. `retryable` when the connection was lost, not when somebody said no.
    Tls {
        message: String,
        retryable: bool,
    },
    /// The proxy could not be used. `answered`: it said so itself.
    Proxy {
        message: String,
        retryable: bool,
        answered: bool,
    },
    /// The connection broke.
    Lost(String),
    /// The connection ended without the end of the TLS stream: what came before may be cut short.
    CutShort,
    /// No descriptor, no thread.
    Internal(String),
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TransportError::Timeout => f.write_str("deadline passed"),
            TransportError::Cancelled => f.write_str("cancelled"),
            TransportError::CutShort => f.write_str("the connection ended before the answer did"),
            TransportError::Dns(message)
            | TransportError::Connect(message)
            | TransportError::Lost(message)
            | TransportError::Internal(message) => f.write_str(message),
            TransportError::Tls { message, .. } | TransportError::Proxy { message, .. } => f.write_str(message),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for TransportError {}

impl From<TransportError> for ureq::Error {
    fn from(fault: TransportError) -> ureq::Error {
        ureq::Error::Other(Box::new(fault))
    }
}

impl From<Interruption> for TransportError {
    fn from(interruption: Interruption) -> TransportError {
        match interruption {
            Interruption::TimedOut => TransportError::Timeout,
            Interruption::Cancelled => TransportError::Cancelled,
            Interruption::Failed(error) => TransportError::Internal(format!("poll: {error}")),
        }
    }
}
