//! Rest: for how long a server that said no is not asked again.

use std::time::Duration;

use crate::clock::Uptime;
use crate::error::{Error, Status};

/// A refusal that would only be repeated, or counted against the account.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    since: Uptime,
    until: Uptime,
    error: Error,
    /// A store has it, too: it ends when it is gone from there.
    pub(crate) is_stored: bool,
    /// It was said to this process.
    pub(crate) is_own: bool,
}

/// Where the server names no wait.
pub(crate) const USUAL: Duration = Duration::from_secs(60);

/// What a server may ask for.
const LONGEST: Duration = Duration::from_secs(86_400);

/// How long a login that failed with `error` is not worth another one.
pub(crate) fn length(error: &Error) -> Option<Duration> {
    let longest = longest(error.status())?;
    let is_throttled = error.status() == Status::Throttled;
    Some(if is_throttled { error.retry_after().map_or(USUAL, Duration::from_secs).min(longest) } else { longest })
}

/// `None` for a status that never has a rest.
pub(crate) fn longest(status: Status) -> Option<Duration> {
    match status {
        Status::Rejected | Status::Locked | Status::TooManyDevices | Status::Forbidden | Status::Unauthorized => {
            Some(USUAL)
        }
        Status::Throttled => Some(LONGEST),
        _ => None,
    }
}

impl Rest {
    pub(crate) fn new(error: &Error, now: Uptime, length: Duration) -> Rest {
        Rest { since: now, until: now + length, error: error.clone(), is_stored: false, is_own: true }
    }

    /// Whether the server has rejected these very credentials, and not what some other process had.
    pub(crate) fn is_own_rejection(&self) -> bool {
        self.is_own && self.error.status() == Status::Rejected
    }

    pub(crate) fn ends_after(&self, moment: Uptime) -> bool {
        self.until > moment
    }

    pub(crate) fn length(&self) -> Duration {
        self.until.since(self.since)
    }

    /// The refusal once more, while it holds.
    pub(crate) fn refusal(&self, now: Uptime) -> Option<Error> {
        if now >= self.until {
            return None;
        }
        let ago = now.since(self.since).as_secs();
        let left = self.until.since(now);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        let mut error = self.error.clone();
        let details = error.details_mut();
        details.message = format!(
            "{} (that was {ago} s ago; a session asks again in {seconds} s, an explicit login at once)",
            details.message
        );
        details.retry_after = Some(seconds);
        details.request_sent = false;
        Some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_rest_for_a_minute_and_throttled_ones_for_their_wait() {
        let error = |status| Error::new(status, "no");
        assert_eq!(length(&error(Status::Rejected)), Some(USUAL));
        assert_eq!(length(&error(Status::Server)), None);
        assert_eq!(length(&error(Status::Throttled)), Some(USUAL));
        let mut throttled = error(Status::Throttled);
        throttled.details_mut().retry_after = Some(7);
        assert_eq!(length(&throttled), Some(Duration::from_secs(7)));
    }

    #[test]
    fn a_rest_repeats_the_refusal_until_it_ends() {
        let now = Uptime::now();
        let rest = Rest::new(&Error::new(Status::Rejected, "wrong password"), now, USUAL);
        let refusal = rest.refusal(now + Duration::from_millis(9_500)).unwrap();
        assert_eq!((refusal.status(), refusal.retry_after()), (Status::Rejected, Some(51)));
        assert!(refusal.message().contains("wrong password (that was 9 s ago"), "{refusal}");
        assert!(rest.refusal(now + USUAL).is_none());
    }
}
