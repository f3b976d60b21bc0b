//! When a request may be sent once more, and after which pause.

use std::time::{Duration, Instant};

use super::Http;
use super::attempt::Attempt;
use super::transport_error::TransportError;
use crate::error::Result;
use crate::secret;

/// A few round trips to anywhere; a server that ends a worker for its slowness takes longer.
const CLOSED_BEFORE: Duration = Duration::from_secs(1);

const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(2);

impl Http {
    /// Waits before the next attempt: exponential, full jitter. False when the deadline leaves no time for it.
    pub(super) fn back_off(&self, number: u32, progress: &Attempt) -> Result<bool> {
        if progress.reused {
            // The server closed an idle connection: nothing is wrong with it.
            return Ok(true);
        }
        let longest = LONGEST_BACKOFF.min(FIRST_BACKOFF * 2u32.saturating_pow(number));
        let wait = secret::random_duration(longest);
        if Instant::now() + wait >= progress.context.deadline {
            return Ok(false);
        }
        match progress.context.sleep(wait) {
            Ok(()) => Ok(true),
            Err(interruption) => Err(self.explain(TransportError::from(interruption).into(), progress)),
        }
    }
}

/// Whether a request may be sent once more: it never left, or it went into a kept connection that turned out to be
/// closed at once. The latter proves nothing, but every client does it once: no connection stays open for ever. One
/// that closes later may have read the request first.
pub(super) fn is_unprocessed(error: &ureq::Error, progress: &Attempt) -> bool {
    if let Some(sent_at) = progress.sent_at {
        let at_once = sent_at.elapsed() < CLOSED_BEFORE;
        return progress.reused && !progress.answer_begun && at_once && is_lost(error);
    }
    match fault(error) {
        Some(TransportError::Tls { retryable, .. }) => *retryable,
        Some(TransportError::Proxy { retryable, answered, .. }) => *retryable && !answered,
        Some(TransportError::Dns(_) | TransportError::Connect(_) | TransportError::Lost(_)) => true,
        _ => false,
    }
}

fn is_lost(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(_))
        || matches!(fault(error), Some(TransportError::Lost(_) | TransportError::CutShort))
}

fn fault(error: &ureq::Error) -> Option<&TransportError> {
    match error {
        ureq::Error::Other(inner) => inner.downcast_ref(),
        _ => None,
    }
}
