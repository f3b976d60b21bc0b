//! Backoff: after a login that failed, for how long nobody asks the server again.

use std::time::Duration;

use crate::clock::{Now, Uptime, milliseconds};
use crate::error::{Error, Status};
use crate::secret::random_duration;
use crate::store::StoredBackoff;

/// Why a login failed, and what follows from it.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) backoff: Option<Backoff>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, backoff: None }
    }
}

/// A failure that would only be repeated, or counted against the account.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    error: Error,
    since: Uptime,
    until: Uptime,
    /// How many logins in a row failed so.
    failures: u32,
    /// Other processes know of it: it ends when it is gone from the store.
    pub(super) is_stored: bool,
}

/// How long the first and the longest back-off of a status are; each is twice as long as the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Rule {
    first: Duration,
    longest: Duration,
    /// Where many clients fail at once, they should not all come back at once.
    jitter: bool,
}

/// The one table. `None` for what is no fault of the server's, nor of the way there.
fn rule(status: Status) -> Option<Rule> {
    const MINUTE: u64 = 60;
    let credentials = |longest| Rule { first: seconds(MINUTE), longest: seconds(longest), jitter: false };
    match status {
        Status::Rejected | Status::Forbidden | Status::TooManyDevices => Some(credentials(15 * MINUTE)),
        // A server may begin anew to count the time with every try: only a longer pause gets out of that.
        Status::Locked => Some(credentials(60 * MINUTE)),
        // Where the server names no wait.
        Status::Throttled => Some(credentials(15 * MINUTE)),
        Status::Dns
        | Status::Connect
        | Status::Tls
        | Status::Proxy
        | Status::Timeout
        | Status::OutcomeUnknown
        | Status::Unauthorized
        | Status::NotFound
        | Status::BadRequest
        | Status::Server
        | Status::BadResponse => Some(Rule { first: Duration::from_millis(500), longest: seconds(30), jitter: true }),
        Status::InvalidArgument | Status::Internal | Status::Cancelled | Status::Store => None,
    }
}

/// What a server may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(86_400);
/// While a token is good, one that failed to renew it leaves it alone for as long.
const RENEWAL_PAUSE: Duration = Duration::from_secs(10);

impl Rule {
    fn delay(self, failures: u32) -> Duration {
        let doubled = self.first.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1))).min(self.longest);
        if !self.jitter {
            return doubled;
        }
        (doubled + random_duration(doubled / 4)).min(self.longest)
    }
}

impl Backoff {
    /// After a login that failed with `error`, where `previous` was the last failure.
    pub(super) fn after(error: &Error, previous: Option<&Backoff>, now: Now) -> Option<Backoff> {
        let rule = rule(error.status())?;
        let repeated = previous.filter(|previous| previous.counts_for(rule, now.uptime));
        let failures = repeated.map_or(1, |previous| previous.failures.saturating_add(1));
        let named = error.retry_after().map(|wait| seconds(wait).clamp(seconds(1), LONGEST_RETRY_AFTER));
        let delay = named.unwrap_or_else(|| rule.delay(failures));
        Some(Backoff::new(error, failures, now.uptime, delay))
    }

    /// Nobody but those who have a good token is to wait: the login ended for want of the caller's own time.
    pub(super) fn of_renewals(error: &Error, now: Now) -> Backoff {
        Backoff::new(error, 0, now.uptime, Duration::ZERO)
    }

    fn new(error: &Error, failures: u32, since: Uptime, delay: Duration) -> Backoff {
        Backoff { error: error.clone(), since, until: since + delay, failures, is_stored: false }
    }

    /// Whether it is followed by a longer one: not when it ended so long ago that it says nothing of today.
    fn counts_for(&self, next: Rule, now: Uptime) -> bool {
        rule(self.error.status()) == Some(next) && now.since(self.until) < next.longest
    }

    /// The same failure once more, while nobody is to ask the server.
    pub(super) fn error(&self, now: Now) -> Option<Error> {
        if now.uptime >= self.until {
            return None;
        }
        let left = self.until.since(now.uptime);
        let left = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        let ago = now.uptime.since(self.since).as_secs();
        let mut error = self.error.clone();
        let details = error.details_mut();
        details.message = format!(
            "{} ({ago} s ago; this session tries again in {left} s, an explicit login at once)",
            details.message
        );
        details.retry_after = Some(left);
        details.request_sent = false;
        Some(error)
    }

    /// Whether a token that is still good should not be renewed yet.
    pub(super) fn defers_renewal(&self, now: Now) -> bool {
        now.uptime < self.until || now.uptime.since(self.since) < RENEWAL_PAUSE
    }

    /// For other processes.
    pub(super) fn to_stored(&self, now: Now) -> StoredBackoff {
        let since = now.unix.saturating_sub(milliseconds(now.uptime.since(self.since)));
        let until = since.saturating_add(milliseconds(self.until.since(self.since)));
        let longest = rule(self.error.status()).map_or(RENEWAL_PAUSE, |rule| rule.longest);
        let ends_at = Some(until.saturating_add(milliseconds(longest)));
        StoredBackoff { status: self.error.status().code(), since, until, failures: self.failures, ends_at }
    }

    /// What another process stored. A clock that was set back since makes it void.
    pub(super) fn of_stored(stored: &StoredBackoff, now: Now) -> Option<Backoff> {
        let status = *Status::ALL.iter().find(|status| status.code() == stored.status)?;
        rule(status)?;
        let ago = now.since(stored.since)?;
        let length = u64::try_from(stored.until.saturating_sub(stored.since)).unwrap_or(0);
        let length = Duration::from_millis(length).min(LONGEST_RETRY_AFTER);
        let message = format!("another process failed to log in: {}", status.meaning());
        let since = now.uptime.before(ago);
        let mut backoff = Backoff::new(&Error::new(status, message), stored.failures, since, length);
        // This machine may have started since.
        backoff.until = now.uptime + length.saturating_sub(ago);
        backoff.is_stored = true;
        Some(backoff)
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests;
