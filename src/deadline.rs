//! Deadline: an absolute moment, and the timeout that it came from.

use std::time::{Duration, Instant};

/// Until when something may take. Absolute, so that no number of waits and signals moves it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    /// What the caller asked for, of which a part may be gone: for messages.
    pub(crate) timeout: Duration,
}

impl Deadline {
    pub(crate) fn after(timeout: Duration) -> Deadline {
        Deadline { at: Instant::now() + timeout, timeout }
    }

    /// The same, or `most` from now where that is sooner.
    pub(crate) fn at_most(self, most: Duration) -> Deadline {
        Deadline { at: self.at.min(Instant::now() + most), timeout: self.timeout.min(most) }
    }

    pub(crate) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}
