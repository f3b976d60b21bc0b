//! The error for a failed attempt, in words: what, with which host, in which phase, and what to do.

use super::Http;
use super::attempt::{Attempt, Phase};
use super::transport_error::TransportError;
use crate::error::{Error, Status};

impl Http {
    /// The typed error for what went wrong: what, with which host, in which phase, and what to do.
    pub(super) fn explain(&self, error: ureq::Error, progress: &Attempt) -> Error {
        let mut error = match error {
            ureq::Error::Other(inner) => match inner.downcast::<TransportError>() {
                Ok(fault) => self.explain_fault(*fault, progress),
                Err(other) => Error::new(Status::Internal, format!("HTTP client: {other}")),
            },
            // "Peer disconnected": an end before the whole head.
            ureq::Error::Io(_) => self.lost("the connection was closed", progress),
            // BodyStalled: no end of a line or a chunk in all that we take at a time.
            ureq::Error::Protocol(_) | ureq::Error::BodyStalled => {
                self.bad_response("what came is not well-formed HTTP/1.1")
            }
            ureq::Error::LargeResponseHeader(..) => self.bad_response("the answer's head is too long"),
            other => Error::new(Status::Internal, format!("HTTP client: {other}")),
        };
        error.details_mut().request_sent = progress.sent_at.is_some();
        error
    }

    fn explain_fault(&self, fault: TransportError, progress: &Attempt) -> Error {
        let host = &self.host;
        match fault {
            TransportError::Timeout => self.timed_out(progress),
            TransportError::Cancelled => {
                Error::new(Status::Cancelled, format!("cancelled {}", self.doing(progress.phase)))
            }
            TransportError::Dns(message) => {
                let hint = "check the institute's name and this machine's network";
                Error::new(Status::Dns, format!("{host} could not be looked up: {message}: {hint}"))
            }
            TransportError::Connect(message) => {
                Error::new(Status::Connect, format!("no connection to {host}: {message}"))
            }
            TransportError::Tls { message, retryable } => {
                let through = self.proxy.as_ref().map_or(String::new(), |proxy| format!(" through the proxy {proxy}"));
                let mut error = Error::new(Status::Tls, format!("no trusted connection to {host}{through}: {message}"));
                error.details_mut().retryable = retryable;
                error
            }
            TransportError::Proxy { message, retryable, .. } => {
                let mut error =
                    Error::new(Status::Proxy, format!("{} {message} (on the way to {host})", self.next_hop()));
                error.details_mut().retryable = retryable;
                error
            }
            TransportError::Lost(message) => self.lost(&message, progress),
            TransportError::CutShort => self.lost("the connection was closed", progress),
            TransportError::Internal(message) => Error::new(Status::Internal, message),
        }
    }

    /// Completes "… while".
    fn doing(&self, phase: Phase) -> String {
        let host = &self.host;
        match phase {
            Phase::Start => format!("before {host} was asked"),
            Phase::Resolve => format!("while looking up {}", self.next_hop()),
            Phase::Connect => format!("while connecting to {}", self.next_hop()),
            Phase::Tunnel => format!("while asking {} for a tunnel to {host}", self.next_hop()),
            Phase::Handshake => format!("in the TLS handshake with {host}"),
            Phase::Send => format!("while sending to {host}"),
            Phase::Wait => format!("while waiting for the answer of {host}"),
            Phase::Receive => format!("while reading the answer of {host}"),
        }
    }

    /// Whom we connect to.
    fn next_hop(&self) -> String {
        self.proxy.as_ref().map_or_else(|| self.host.clone(), |proxy| format!("the proxy {proxy}"))
    }

    fn timed_out(&self, progress: &Attempt) -> Error {
        let doing = self.doing(progress.phase);
        let connecting = progress.phase <= Phase::Handshake && progress.connect_deadline < progress.context.deadline;
        let (limit, name) = if connecting {
            (self.settings.connect_timeout, "connect_timeout_ms")
        } else {
            (progress.context.timeout, "timeout_ms")
        };
        Error::new(Status::Timeout, format!("{} ms ({name}) passed {doing}", limit.as_millis()))
    }

    fn lost(&self, message: &str, progress: &Attempt) -> Error {
        let doing = self.doing(progress.phase);
        let text = format!("{message} {doing}; whether the request was processed is unknown");
        Error::new(Status::OutcomeUnknown, text)
    }

    fn bad_response(&self, message: &str) -> Error {
        let hint = "check the port, and that no captive portal or proxy stands in between";
        Error::new(Status::BadResponse, format!("{}: {message}: {hint}", self.host))
    }
}
