//! The state machine, under a clock that the tests set.

use super::*;

fn at(seconds: u64) -> Now {
    let unix = 1_800_000_000_000 + i64::try_from(seconds * 1000).unwrap();
    Now { uptime: Uptime::from_milliseconds((1_000_000 + seconds) * 1000), unix }
}

/// One that came at that moment and is good for 300 s.
fn token(jwt: &str, seconds: u64) -> CachedToken {
    let token = Arc::new(Token::from_jwt("demo", jwt).unwrap());
    let basis = ExpiryBasis { lifetime: Some(300), skew: 0 };
    CachedToken { token, basis, expiry: Expiry::of_new(basis, at(seconds)), replaced_at: None, kept_until: None }
}

fn refresher(cache: &TokenCache, seconds: u64) -> Refresher<'_> {
    match cache.lookup(at(seconds), None).unwrap() {
        Lookup::Refresh(refresher) => refresher,
        Lookup::Hit(token) => panic!("there is {}", token.jwt()),
        Lookup::Join(_) => panic!("a login is under way"),
        Lookup::BackingOff(error) => panic!("{error}"),
    }
}

/// A login that succeeds at that moment.
fn log_in(cache: &TokenCache, jwt: &str, seconds: u64) -> Arc<Token> {
    let refresher = refresher(cache, seconds);
    let replaced_at = refresher.replaces.then_some(at(seconds).uptime);
    refresher.succeed(CachedToken { replaced_at, ..token(jwt, seconds) })
}

fn hit(cache: &TokenCache, seconds: u64) -> Option<String> {
    cache.hit(at(seconds), None).map(|token| token.jwt().to_owned())
}

fn failure(status: Status, seconds: u64) -> Failure {
    let error = Error::new(status, "no");
    Failure { backoff: Backoff::after(&error, None, at(seconds)), error }
}

#[test]
fn a_token_is_given_until_it_is_due_and_renewed_by_one() {
    let cache = TokenCache::new();
    assert!(hit(&cache, 0).is_none());
    log_in(&cache, "a", 0);
    assert_eq!(hit(&cache, 269).unwrap(), "a");
    assert!(hit(&cache, 271).is_none(), "somebody has to renew it");
    let renewal = refresher(&cache, 271);
    assert_eq!(hit(&cache, 272).unwrap(), "a", "the others have the old one");
    assert!(hit(&cache, 300).is_none());
    renewal.succeed(token("b", 300));
    assert_eq!(hit(&cache, 300).unwrap(), "b");
}

#[test]
fn a_renewal_that_failed_leaves_the_old_token_alone_for_a_while() {
    let cache = TokenCache::new();
    log_in(&cache, "a", 0);
    let old = refresher(&cache, 271).fail(&failure(Status::Server, 271), false, at(271));
    assert_eq!(old.unwrap().jwt(), "a");
    assert_eq!(hit(&cache, 280).unwrap(), "a");
    assert!(hit(&cache, 281).is_none());
    drop(refresher(&cache, 281));
    assert!(hit(&cache, 300).is_none());
}

#[test]
fn a_failure_without_a_token_comes_back_until_its_back_off_ends() {
    let cache = TokenCache::new();
    assert!(refresher(&cache, 0).fail(&failure(Status::Rejected, 0), false, at(0)).is_none());
    assert!(matches!(cache.lookup(at(59), None), Ok(Lookup::BackingOff(error)) if error.retry_after() == Some(1)));
    drop(refresher(&cache, 60));
    cache.end_backoff();
    drop(refresher(&cache, 1));
}

#[test]
fn a_cancelled_login_is_no_failure_and_hands_over() {
    let cache = TokenCache::new();
    let leader = refresher(&cache, 0);
    let pending = leader.pending.clone();
    leader.fail(&failure(Status::Cancelled, 0), false, at(0));
    assert!(matches!(pending.outcome(), Some(LoginOutcome::HandedOver)));
    drop(refresher(&cache, 0));
}

#[test]
fn a_rejected_token_is_replaced_once_by_whoever_asks_first() {
    let cache = TokenCache::new();
    let first = log_in(&cache, "a", 0);
    assert_eq!(cache.reject(&first, at(1).uptime), Rejection::Replace);
    assert_eq!(cache.reject(&first, at(1).uptime), Rejection::NotCached);
    log_in(&cache, "b", 2);
    assert_eq!(cache.reject(&first, at(3).uptime), Rejection::NotCached);
    assert_eq!(hit(&cache, 3).unwrap(), "b");
}

#[test]
fn after_two_rejections_in_a_minute_the_newest_token_is_kept_for_a_minute() {
    let cache = TokenCache::new();
    cache.reject(&log_in(&cache, "a", 0), at(0).uptime);
    let second = log_in(&cache, "b", 0);
    for seconds in [59, 60, 118] {
        assert_eq!(cache.reject(&second, at(seconds).uptime), Rejection::Keep);
        assert_eq!(hit(&cache, seconds).unwrap(), "b");
    }
    assert_eq!(hit(&cache, 119).unwrap(), "b", "nobody has rejected it since");
    assert_eq!(cache.reject(&second, at(119).uptime), Rejection::Replace);
    cache.reject(&log_in(&cache, "c", 119), at(120).uptime);
    assert_eq!(hit(&cache, 120).unwrap(), "c", "and so on");
}

#[test]
fn a_kept_token_is_not_renewed_but_replaced_at_its_end() {
    let cache = TokenCache::new();
    cache.reject(&log_in(&cache, "a", 0), at(0).uptime);
    let second = log_in(&cache, "b", 0);
    cache.reject(&second, at(1).uptime);
    let short = CachedToken { expiry: token("b", 0).expiry, kept_until: Some(at(310).uptime), ..token("b", 0) };
    cache.adopt(short);
    assert_eq!(hit(&cache, 298).unwrap(), "b");
    drop(refresher(&cache, 300));
}

#[test]
fn a_second_rejection_after_a_minute_is_a_first_one() {
    let cache = TokenCache::new();
    cache.reject(&log_in(&cache, "a", 0), at(0).uptime);
    let second = log_in(&cache, "b", 0);
    assert_eq!(cache.reject(&second, at(60).uptime), Rejection::Replace);
}

#[test]
fn a_late_401_says_nothing_of_a_token_that_looks_the_same() {
    let cache = TokenCache::new();
    let first = log_in(&cache, "a", 0);
    cache.reject(&first, at(0).uptime);
    let second = log_in(&cache, "a", 0);
    assert_eq!(cache.reject(&first, at(9).uptime), Rejection::Late);
    assert_eq!(cache.reject(&second, at(9).uptime), Rejection::Keep);
}

#[test]
fn a_password_that_is_refused_while_the_token_is_good_is_not_tried_again_when_that_is_rejected() {
    let cache = TokenCache::new();
    let old = log_in(&cache, "a", 0);
    refresher(&cache, 271).fail(&failure(Status::Rejected, 271), false, at(271));
    cache.reject(&old, at(272).uptime);
    assert!(matches!(cache.lookup(at(272), None), Ok(Lookup::BackingOff(_))));
}
