//! When a request may be sent once more, and after which pause.

use std::time::{Duration, Instant};

use super::Http;
use super::exchange::{self, Exchange};
use super::fault::Fault;
use crate::error::Result;

/// A few round trips to anywhere; a server that ends a worker for its slowness takes longer.
const CLOSED_BEFORE: Duration = Duration::from_secs(1);

const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const MOST_BACKOFF: Duration = Duration::from_secs(2);

impl Http {
    /// Waits before the next attempt: exponential, full jitter. False when the deadline leaves no time for it.
    pub(super) fn back_off(&self, attempt: u32, progress: &Exchange) -> Result<bool> {
        if progress.reused {
            // The server closed an idle connection: nothing is wrong with it.
            return Ok(true);
        }
        let most = MOST_BACKOFF.min(FIRST_BACKOFF * 2u32.saturating_pow(attempt));
        let share = (self.random()? as u32) as f64 / f64::from(u32::MAX);
        let wait = most.mul_f64(share);
        if Instant::now() + wait >= progress.deadline {
            return Ok(false);
        }
        let pause = Exchange::new(progress.deadline, progress.deadline, progress.wake);
        match exchange::run(pause, || exchange::sleep(wait)).0 {
            Ok(()) => Ok(true),
            Err(fault) => Err(self.explain(fault.into(), progress, Duration::ZERO)),
        }
    }
}

/// Whether a request may be sent once more: it never left, or it went into a kept connection that turned out to be
/// closed at once. The latter proves nothing, but every client does it once: no connection stays open for ever. One
/// that closes later may have read the request first.
pub(super) fn is_unprocessed(error: &ureq::Error, progress: &Exchange) -> bool {
    if let Some(sent_at) = progress.sent_at {
        let at_once = sent_at.elapsed() < CLOSED_BEFORE;
        return progress.reused && !progress.answer_begun && at_once && is_lost(error);
    }
    match fault(error) {
        Some(Fault::Tls { retryable, .. }) => *retryable,
        Some(Fault::Proxy { retryable, answered, .. }) => *retryable && !answered,
        Some(Fault::Dns(_) | Fault::Connect(_) | Fault::Lost(_)) => true,
        _ => false,
    }
}

fn is_lost(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(_)) || matches!(fault(error), Some(Fault::Lost(_) | Fault::CutShort))
}

fn fault(error: &ureq::Error) -> Option<&Fault> {
    match error {
        ureq::Error::Other(inner) => inner.downcast_ref(),
        _ => None,
    }
}
