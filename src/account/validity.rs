//! How long a token can be used, by a clock that nobody sets.

use std::time::Duration;

use crate::clock::Uptime;
use crate::token::Token;

/// When a token expires, as far as that can be told. The server decides; this only saves a request that would fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    /// `None`: until the server says no.
    expires: Option<Uptime>,
    lifetime: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Fresh,
    /// Good, and soon to be renewed.
    Due,
    Expired,
}

/// What must be kept beside a token to tell its validity in another process, or after this one's clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timing {
    /// Seconds; `None` when the token does not tell.
    pub(crate) lifetime: Option<i64>,
    /// How far the server's clock is ahead of this machine's.
    pub(crate) skew: i64,
}

/// A request takes time to get there.
const ON_THE_WAY: Duration = Duration::from_secs(1);

impl Timing {
    /// Of a token that has just come in an answer whose `Date` was `date`, when this machine's clock said `unix_now`.
    pub(crate) fn of_new(token: &Token, date: Option<i64>, unix_now: i64) -> Timing {
        let issued = token.issued_at();
        let skew = date.or(issued).map_or(0, |now| now.saturating_sub(unix_now));
        // A server may give a token that it made some time ago. One that is born expired has a wrong `exp`, and can only
        // be tried.
        let since = |begin: i64| token.expires_at().map(|expires| expires.saturating_sub(begin));
        let begins = [issued, date, Some(unix_now).filter(|_| issued.or(date).is_none())];
        let lifetime = begins.into_iter().flatten().filter_map(since).filter(|&lifetime| lifetime > 0).min();
        Timing { lifetime, skew }
    }
}

impl Validity {
    /// Of a token that has just come.
    pub(crate) fn of_new(timing: Timing, now: Uptime) -> Validity {
        let lifetime = seconds(timing.lifetime.unwrap_or_default());
        Validity { expires: timing.lifetime.map(|_| now + lifetime), lifetime }
    }

    /// Of a token that was kept: by the wall clock, mended by what was wrong with it when the token came.
    pub(crate) fn of_kept(token: &Token, timing: Timing, now: Uptime, unix_now: i64) -> Validity {
        let lifetime = timing.lifetime.filter(|&lifetime| lifetime > 0);
        let (Some(lifetime), Some(expires_at)) = (lifetime, token.expires_at()) else {
            return Validity { expires: None, lifetime: Duration::ZERO };
        };
        // The clocks were compared in whole seconds: rather a second early than one late.
        let left = expires_at.saturating_sub(unix_now.saturating_add(timing.skew)).saturating_sub(1);
        // A clock that was set back must not make a token live longer than ever.
        Validity { expires: Some(now + seconds(left.clamp(0, lifetime))), lifetime: seconds(lifetime) }
    }

    /// `leeway`: how long before its end a token is to be renewed, where somebody chose it.
    pub(crate) fn standing(&self, now: Uptime, leeway: Option<Duration>) -> Standing {
        let Some(expires) = self.expires else {
            return Standing::Fresh;
        };
        let left = expires.since(now);
        if left < ON_THE_WAY.min(self.lifetime / 10) || left.is_zero() {
            Standing::Expired
        } else if left < self.leeway(leeway) {
            Standing::Due
        } else {
            Standing::Fresh
        }
    }

    /// A tenth of the lifetime, within reason, and never so much that a new token would be due at once.
    fn leeway(&self, chosen: Option<Duration>) -> Duration {
        const LEAST: Duration = Duration::from_secs(5);
        const MOST: Duration = Duration::from_secs(60);
        chosen.unwrap_or((self.lifetime / 10).clamp(LEAST, MOST)).min(self.lifetime / 2)
    }
}

fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds.max(0).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const DAY: i64 = 86_400;

    fn token(payload: &str) -> Token {
        Token::from_jwt("demo", &format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))).unwrap()
    }

    fn expiring(exp: i64) -> Token {
        token(&format!(r#"{{"exp":{exp}}}"#))
    }

    /// The standing after so many seconds of a token that has just come.
    fn after(token: &Token, date: Option<i64>, passed: u64) -> Standing {
        let born = Uptime::now();
        let validity = Validity::of_new(Timing::of_new(token, date, NOW), born);
        validity.standing(born + Duration::from_secs(passed), None)
    }

    #[test]
    fn short_usual_and_long_lives() {
        for (lifetime, fresh, due) in [(10, 4, 6), (300, 269, 271), (30 * DAY, 30 * DAY - 61, 30 * DAY - 59)] {
            let token = expiring(NOW + lifetime);
            assert_eq!(after(&token, Some(NOW), fresh as u64), Standing::Fresh, "{lifetime}");
            assert_eq!(after(&token, Some(NOW), due as u64), Standing::Due, "{lifetime}");
            assert_eq!(after(&token, Some(NOW), lifetime as u64), Standing::Expired, "{lifetime}");
        }
        assert_eq!(after(&expiring(NOW + 2), Some(NOW), 0), Standing::Fresh, "a new token is never due at once");
    }

    #[test]
    fn the_servers_clock_counts_and_not_ours() {
        // Ours is a day off; the server's own claim, then its Date, tell the lifetime.
        for off in [-DAY, DAY] {
            let server = NOW + off;
            let with_iat = token(&format!(r#"{{"exp":{},"orig_iat":{server}}}"#, server + 300));
            assert_eq!(after(&with_iat, None, 200), Standing::Fresh);
            assert_eq!(after(&with_iat, None, 299), Standing::Due);
            assert_eq!(after(&expiring(server + 300), Some(server), 200), Standing::Fresh);
            assert_eq!(after(&expiring(server + 300), Some(server), 300), Standing::Expired);
        }
    }

    #[test]
    fn a_token_that_was_made_before_lives_for_what_is_left() {
        let made_before = token(&format!(r#"{{"exp":{},"iat":{}}}"#, NOW + 100, NOW - 200));
        assert_eq!(after(&made_before, Some(NOW), 100), Standing::Expired);
        assert_eq!(after(&made_before, None, 100), Standing::Fresh, "without a Date nobody can tell");
        // A cache in between may have an old Date, or a clock of its own.
        assert_eq!(after(&made_before, Some(NOW - 1_000), 300), Standing::Expired);
        assert_eq!(after(&made_before, Some(NOW + 1_000), 299), Standing::Due);
    }

    #[test]
    fn without_an_end_or_with_a_wrong_one_only_the_server_can_tell() {
        assert_eq!(after(&token("{}"), Some(NOW), 1 << 40), Standing::Fresh);
        assert_eq!(after(&expiring(NOW - DAY), Some(NOW), 1 << 40), Standing::Fresh);
        assert_eq!(after(&expiring(NOW - DAY), None, 1 << 40), Standing::Fresh);
        assert_eq!(after(&Token::from_jwt("demo", "opaque").unwrap(), Some(NOW), 1 << 40), Standing::Fresh);
    }

    #[test]
    fn a_kept_token_goes_by_the_wall_clock_and_its_skew() {
        let token = expiring(NOW + 300);
        let standing = |skew: i64, unix_now: i64| {
            let now = Uptime::now();
            let timing = Timing { lifetime: Some(300), skew };
            Validity::of_kept(&token, timing, now, unix_now).standing(now, None)
        };
        assert_eq!(standing(0, NOW + 100), Standing::Fresh);
        assert_eq!(standing(0, NOW + 280), Standing::Due);
        assert_eq!(standing(0, NOW + 300), Standing::Expired);
        assert_eq!(standing(DAY, NOW - DAY + 100), Standing::Fresh, "a clock that is a day behind, then as now");
        assert_eq!(standing(0, NOW + 100 + DAY), Standing::Expired);
        let now = Uptime::now();
        let set_back = Validity::of_kept(&token, Timing { lifetime: Some(300), skew: 0 }, now, NOW - DAY);
        assert_eq!(set_back.standing(now + Duration::from_secs(301), None), Standing::Expired);
    }

    #[test]
    fn a_chosen_leeway() {
        let born = Uptime::now();
        let validity = Validity::of_new(Timing { lifetime: Some(300), skew: 0 }, born);
        let standing =
            |passed, leeway| validity.standing(born + Duration::from_secs(passed), Some(Duration::from_secs(leeway)));
        assert_eq!((standing(250, 0), standing(250, 100)), (Standing::Fresh, Standing::Due));
        assert_eq!(standing(100, 100_000), Standing::Fresh, "at most half of a life");
    }
}
