//! What a login must make of a fault. The bad server knows no client: it names statuses as the library's header does.

use std::fmt;

/// How a login ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `TP_OK`, or the status of the error.
    pub status: &'static str,
    /// Another one, where it is a matter of microseconds which.
    pub or: Option<&'static str>,
    /// Whether the server may have seen the request.
    pub sent: bool,
    /// Whether the same call may work later.
    pub retryable: bool,
    /// How often the client tried, within the one call.
    pub tries: usize,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.status)?;
        if let Some(other) = self.or {
            write!(f, " or `{other}`")?;
        }
        if self.tries > 1 {
            write!(f, " after {} tries", self.tries)?;
        }
        Ok(())
    }
}

impl Verdict {
    /// Whether a login that ended like `actual` ended as it must.
    pub fn allows(&self, actual: &Verdict) -> bool {
        let status = if self.or == Some(actual.status) { actual.status } else { self.status };
        Verdict { status, or: None, ..*self } == *actual
    }

    /// The same, or with this status.
    pub(crate) const fn or(self, status: &'static str) -> Verdict {
        Verdict { or: Some(status), ..self }
    }

    /// The same, with more tries.
    pub(crate) const fn after(self, tries: usize) -> Verdict {
        Verdict { tries, ..self }
    }

    /// The same, before the request was sent.
    pub(crate) const fn unsent(self) -> Verdict {
        Verdict { sent: false, ..self }
    }

    /// The same, after the request was sent.
    pub(crate) const fn sent(self) -> Verdict {
        Verdict { sent: true, ..self }
    }

    /// The same, where a later call may do better.
    pub(crate) const fn retryable(self) -> Verdict {
        Verdict { retryable: true, ..self }
    }
}

pub(crate) const OK: Verdict = ends("TP_OK");
pub(crate) const TIMEOUT: Verdict = ends("TP_E_TIMEOUT").retryable();
pub(crate) const OUTCOME_UNKNOWN: Verdict = ends("TP_E_OUTCOME_UNKNOWN").retryable();
pub(crate) const CONNECT: Verdict = ends("TP_E_CONNECT").unsent().retryable();
pub(crate) const TLS: Verdict = ends("TP_E_TLS").unsent();
pub(crate) const PROXY: Verdict = ends("TP_E_PROXY").unsent();
pub(crate) const REJECTED: Verdict = ends("TP_E_REJECTED");
pub(crate) const LOCKED: Verdict = ends("TP_E_LOCKED");
pub(crate) const TOO_MANY_DEVICES: Verdict = ends("TP_E_TOO_MANY_DEVICES");
pub(crate) const THROTTLED: Verdict = ends("TP_E_THROTTLED").retryable();
pub(crate) const FORBIDDEN: Verdict = ends("TP_E_FORBIDDEN");
pub(crate) const NOT_FOUND: Verdict = ends("TP_E_NOT_FOUND");
pub(crate) const BAD_REQUEST: Verdict = ends("TP_E_BAD_REQUEST");
pub(crate) const SERVER: Verdict = ends("TP_E_SERVER").retryable();
pub(crate) const BAD_RESPONSE: Verdict = ends("TP_E_BAD_RESPONSE");
/// A part of the answer came, and the rest did not.
pub(crate) const CUT_SHORT: Verdict = BAD_RESPONSE.retryable();

const fn ends(status: &'static str) -> Verdict {
    Verdict { status, or: None, sent: true, retryable: false, tries: 1 }
}
