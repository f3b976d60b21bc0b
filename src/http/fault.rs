//! Fault: what our transport tells through ureq's errors, as a type that survives the way back.

use std::fmt;

/// Why an attempt failed, before it is an `Error`.
#[derive(Debug)]
pub(super) enum Fault {
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

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Timeout => f.write_str("deadline passed"),
            Fault::Cancelled => f.write_str("cancelled"),
            Fault::CutShort => f.write_str("the connection ended before the answer did"),
            Fault::Dns(message) | Fault::Connect(message) | Fault::Lost(message) | Fault::Internal(message) => {
                f.write_str(message)
            }
            Fault::Tls { message, .. } | Fault::Proxy { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for ureq::Error {
    fn from(fault: Fault) -> ureq::Error {
        ureq::Error::Other(Box::new(fault))
    }
}
