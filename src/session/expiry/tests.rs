//! Tokens of every lifetime, under clocks of every kind.

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

/// This machine's clocks, so many seconds after a token came.
fn at(passed: u64) -> Now {
    let begin = Uptime::from_milliseconds(1_000_000);
    Now { uptime: begin + Duration::from_secs(passed), unix: (NOW + passed as i64) * 1000 }
}

/// The freshness after so many seconds of a token that has just come.
fn after(token: &Token, date: Option<i64>, passed: u64) -> Freshness {
    Expiry::of_new(ExpiryBasis::of_new(token, date, NOW), at(0)).freshness(at(passed), None)
}

#[test]
fn short_usual_and_long_lives() {
    for (lifetime, fresh, due) in [(10, 4, 6), (300, 269, 271), (30 * DAY, 30 * DAY - 61, 30 * DAY - 59)] {
        let token = expiring(NOW + lifetime);
        assert_eq!(after(&token, Some(NOW), fresh as u64), Freshness::Fresh, "{lifetime}");
        assert_eq!(after(&token, Some(NOW), due as u64), Freshness::RefreshSoon, "{lifetime}");
        assert_eq!(after(&token, Some(NOW), lifetime as u64), Freshness::Expired, "{lifetime}");
    }
    assert_eq!(after(&expiring(NOW + 2), Some(NOW), 0), Freshness::Fresh, "a new token is never due at once");
}

#[test]
fn the_servers_clock_counts_and_not_ours() {
    // Ours is a day off; the server's own claim, then its Date, tell the lifetime.
    for off in [-DAY, DAY] {
        let server = NOW + off;
        let with_iat = token(&format!(r#"{{"exp":{},"orig_iat":{server}}}"#, server + 300));
        assert_eq!(after(&with_iat, None, 200), Freshness::Fresh);
        assert_eq!(after(&with_iat, None, 299), Freshness::RefreshSoon);
        assert_eq!(after(&expiring(server + 300), Some(server), 200), Freshness::Fresh);
        assert_eq!(after(&expiring(server + 300), Some(server), 300), Freshness::Expired);
    }
}

#[test]
fn a_token_that_was_made_before_lives_for_what_is_left() {
    let made_before = token(&format!(r#"{{"exp":{},"iat":{}}}"#, NOW + 100, NOW - 200));
    assert_eq!(after(&made_before, Some(NOW), 100), Freshness::Expired);
    assert_eq!(after(&made_before, None, 100), Freshness::Fresh, "without a Date nobody can tell");
    // A cache in between may have an old Date, or a clock of its own.
    assert_eq!(after(&made_before, Some(NOW - 1_000), 300), Freshness::Expired);
    assert_eq!(after(&made_before, Some(NOW + 1_000), 299), Freshness::RefreshSoon);
}

#[test]
fn without_an_end_or_with_a_wrong_one_only_the_server_can_tell() {
    assert_eq!(after(&token("{}"), Some(NOW), 1 << 30), Freshness::Fresh);
    assert_eq!(after(&expiring(NOW - DAY), Some(NOW), 1 << 30), Freshness::Fresh);
    assert_eq!(after(&expiring(NOW - DAY), None, 1 << 30), Freshness::Fresh);
    assert_eq!(after(&Token::from_jwt("demo", "opaque").unwrap(), Some(NOW), 1 << 30), Freshness::Fresh);
}

#[test]
fn a_date_at_or_after_the_end_is_not_the_servers_clock() {
    let token = token(&format!(r#"{{"exp":{},"iat":{NOW}}}"#, NOW + 300));
    for date in [NOW + 300, NOW + 400, NOW + DAY] {
        assert_eq!(ExpiryBasis::of_new(&token, Some(date), NOW), ExpiryBasis { lifetime: Some(300), skew: 0 });
    }
    assert_eq!(ExpiryBasis::of_new(&token, Some(NOW + 299), NOW), ExpiryBasis { lifetime: Some(1), skew: 299 });
}

#[test]
fn a_stored_token_goes_by_the_wall_clock_and_its_skew() {
    let token = expiring(NOW + 300);
    let freshness = |skew: i64, unix_now: i64| {
        let now = Now { unix: unix_now * 1000, ..at(0) };
        Expiry::of_stored(&token, ExpiryBasis { lifetime: Some(300), skew }, now).freshness(now, None)
    };
    assert_eq!(freshness(0, NOW + 100), Freshness::Fresh);
    assert_eq!(freshness(0, NOW + 280), Freshness::RefreshSoon);
    assert_eq!(freshness(0, NOW + 300), Freshness::Expired);
    assert_eq!(freshness(DAY, NOW - DAY + 100), Freshness::Fresh, "a clock that is a day behind, then as now");
    assert_eq!(freshness(0, NOW + 100 + DAY), Freshness::Expired);
}

#[test]
fn whichever_clock_says_earlier() {
    let basis = ExpiryBasis { lifetime: Some(300), skew: 0 };
    let moved = |passed: u64, clock: i64| Now { unix: (NOW + clock) * 1000, ..at(passed) };
    for expiry in [Expiry::of_new(basis, at(0)), Expiry::of_stored(&expiring(NOW + 301), basis, at(0))] {
        assert_eq!(expiry.freshness(moved(10, 10), None), Freshness::Fresh);
        assert_eq!(expiry.freshness(moved(301, -DAY), None), Freshness::Expired, "the wall clock was set back");
        assert_eq!(expiry.freshness(moved(10, 301), None), Freshness::Expired, "the machine was paused");
        assert_eq!(expiry.freshness(moved(10, 280), None), Freshness::RefreshSoon);
    }
}

#[test]
fn a_chosen_leeway() {
    let expiry = Expiry::of_new(ExpiryBasis { lifetime: Some(300), skew: 0 }, at(0));
    let freshness = |passed, leeway| expiry.freshness(at(passed), Some(Duration::from_secs(leeway)));
    assert_eq!((freshness(250, 0), freshness(250, 100)), (Freshness::Fresh, Freshness::RefreshSoon));
    assert_eq!(freshness(100, 100_000), Freshness::Fresh, "at most half of a life");
}
