//! Expiry: how long a token can be used, by whichever clock says that it ends first.

use std::time::Duration;

use crate::clock::{Now, Uptime, milliseconds};
use crate::token::Token;

/// When a token expires, as far as that can be told. The server decides; this only saves a request that would fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expiry {
    /// `None`: it is good until the server says otherwise.
    end: Option<End>,
    lifetime: Duration,
}

/// One moment by both clocks. The clock that counts since boot may have stood still (a paused virtual machine); the other
/// may have been set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    uptime: Uptime,
    /// Unix milliseconds.
    unix: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    /// Good, and to be renewed.
    RefreshSoon,
    Expired,
}

/// What is kept beside a token to tell its expiry in another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExpiryBasis {
    /// Seconds; `None` when the token does not tell.
    pub(super) lifetime: Option<i64>,
    /// Seconds that the server's clock is ahead of this machine's.
    pub(super) skew: i64,
}

/// A request takes time to arrive.
const TRANSIT: Duration = Duration::from_secs(1);

impl ExpiryBasis {
    /// Of a token that has just come in an answer whose `Date` was `date`, when this machine's clock said `unix_now`.
    pub(super) fn of_new(token: &Token, date: Option<i64>, unix_now: i64) -> ExpiryBasis {
        let (issued, expires) = (token.issued_at(), token.expires_at());
        // A token that ends before it comes was dated by a wrong clock, a cache's for instance.
        let date = date.filter(|&date| issued.is_none() || expires.is_none_or(|expires| date < expires));
        let skew = date.or(issued).map_or(0, |server_now| server_now.saturating_sub(unix_now));
        // A server may give a token that it made some time ago. One that has expired at birth has a wrong `exp`, and can
        // only be tried.
        let since = |begin: i64| expires.map(|expires| expires.saturating_sub(begin));
        let begins = [issued, date, Some(unix_now).filter(|_| issued.or(date).is_none())];
        let lifetime = begins.into_iter().flatten().filter_map(since).filter(|&lifetime| lifetime > 0).min();
        ExpiryBasis { lifetime, skew }
    }
}

impl Expiry {
    /// Of a token that has just come.
    pub(super) fn of_new(basis: ExpiryBasis, now: Now) -> Expiry {
        match basis.lifetime {
            Some(lifetime) => Expiry::ending_in(seconds(lifetime), seconds(lifetime), now),
            None => Expiry { end: None, lifetime: Duration::ZERO },
        }
    }

    /// Of a token that was stored: by the wall clock, corrected by how wrong that was when the token came.
    pub(super) fn of_stored(token: &Token, basis: ExpiryBasis, now: Now) -> Expiry {
        let lifetime = basis.lifetime.filter(|&lifetime| lifetime > 0);
        let (Some(lifetime), Some(expires_at)) = (lifetime, token.expires_at()) else {
            return Expiry { end: None, lifetime: Duration::ZERO };
        };
        // The clocks were compared in whole seconds: better a second early than a second late.
        let server_now = (now.unix / 1000).saturating_add(basis.skew);
        let left = expires_at.saturating_sub(server_now).saturating_sub(1);
        // A clock that was set back must not make a token live longer than ever.
        Expiry::ending_in(seconds(left.clamp(0, lifetime)), seconds(lifetime), now)
    }

    fn ending_in(left: Duration, lifetime: Duration, now: Now) -> Expiry {
        let unix = now.unix.saturating_add(milliseconds(left));
        Expiry { end: Some(End { uptime: now.uptime + left, unix }), lifetime }
    }

    /// `leeway`: how long before its end a token is to be renewed, where somebody chose it.
    pub(super) fn freshness(&self, now: Now, leeway: Option<Duration>) -> Freshness {
        let Some(left) = self.left(now) else {
            return Freshness::Fresh;
        };
        if left < TRANSIT.min(self.lifetime / 10) || left.is_zero() {
            Freshness::Expired
        } else if left < self.leeway(leeway) {
            Freshness::RefreshSoon
        } else {
            Freshness::Fresh
        }
    }

    /// `None` for a token without an end.
    pub(super) fn left(&self, now: Now) -> Option<Duration> {
        let by_wall_clock = |end: End| u64::try_from(end.unix.saturating_sub(now.unix)).unwrap_or(0);
        self.end.map(|end| end.uptime.since(now.uptime).min(Duration::from_millis(by_wall_clock(end))))
    }

    /// In Unix milliseconds.
    pub(super) fn ends_at(&self) -> Option<i64> {
        self.end.map(|end| end.unix)
    }

    /// A tenth of the lifetime, within reason, and never so much that a new token would be due at once.
    fn leeway(&self, chosen: Option<Duration>) -> Duration {
        const SHORTEST: Duration = Duration::from_secs(5);
        const LONGEST: Duration = Duration::from_secs(60);
        chosen.unwrap_or((self.lifetime / 10).clamp(SHORTEST, LONGEST)).min(self.lifetime / 2)
    }
}

fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds.max(0).unsigned_abs())
}

#[cfg(test)]
mod tests;
