//! Failures in a row, of every status.

use super::*;

const START: u64 = 1_000_000;

fn at(passed: Duration) -> Now {
    let begin = Uptime::from_milliseconds(START * 1000);
    Now { uptime: begin + passed, unix: 1_800_000_000_000 + milliseconds(passed) }
}

/// The delays, in seconds, of logins that each fail as soon as the back-off of the one before has ended.
fn delays(error: &Error, number: usize) -> Vec<f64> {
    let (mut previous, mut passed) = (None, Duration::ZERO);
    let next = |_| {
        let backoff = Backoff::after(error, previous.as_ref(), at(passed)).unwrap();
        let delay = backoff.until.since(backoff.since);
        passed += delay;
        previous = Some(backoff);
        delay.as_secs_f64()
    };
    (0..number).map(next).collect()
}

fn error(status: Status, retry_after: Option<u64>) -> Error {
    let mut error = Error::new(status, "no");
    error.details_mut().retry_after = retry_after;
    error
}

#[test]
fn refused_credentials_wait_a_minute_and_then_longer() {
    for status in [Status::Rejected, Status::Forbidden, Status::TooManyDevices, Status::Throttled] {
        assert_eq!(delays(&error(status, None), 7), [60.0, 120.0, 240.0, 480.0, 900.0, 900.0, 900.0], "{status:?}");
    }
    let locked = delays(&error(Status::Locked, None), 8);
    assert_eq!(locked, [60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0]);
}

#[test]
fn a_server_that_fails_or_is_lost_waits_half_a_second_and_then_longer() {
    for status in Status::ALL.iter().copied().filter(|&status| rule(status).is_some_and(|rule| rule.jitter)) {
        for (delay, least) in
            delays(&error(status, None), 9).into_iter().zip([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0])
        {
            assert!((least..=(least * 1.25f64).min(30.0)).contains(&delay), "{status:?}: {delay} for {least}");
        }
    }
}

#[test]
fn the_servers_own_wait_counts_for_every_status() {
    for status in Status::ALL.iter().copied().filter(|&status| rule(status).is_some()) {
        for (named, waits) in [(0, 1.0), (30, 30.0), (7200, 7200.0), (u64::MAX, 86_400.0)] {
            assert_eq!(delays(&error(status, Some(named)), 3), [waits; 3], "{status:?}");
        }
    }
}

#[test]
fn what_is_no_fault_of_the_servers_waits_for_nothing() {
    for status in [Status::InvalidArgument, Status::Internal, Status::Cancelled, Status::Store] {
        assert!(Backoff::after(&error(status, Some(9)), None, at(Duration::ZERO)).is_none());
    }
}

#[test]
fn only_failures_of_one_kind_in_a_row_count() {
    let rejected = error(Status::Rejected, None);
    let first = Backoff::after(&rejected, None, at(Duration::ZERO)).unwrap();
    let failed = Backoff::after(&error(Status::Server, None), Some(&first), at(seconds(60))).unwrap();
    assert_eq!(failed.failures, 1);
    let soon = Backoff::after(&rejected, Some(&first), at(seconds(60 + 899))).unwrap();
    let late = Backoff::after(&rejected, Some(&first), at(seconds(60 + 900))).unwrap();
    assert_eq!((soon.failures, late.failures), (2, 1), "one that ended long ago says nothing of today");
}

#[test]
fn the_same_error_comes_back_with_the_seconds_that_are_left() {
    let backoff = Backoff::after(&error(Status::Rejected, None), None, at(Duration::ZERO)).unwrap();
    let again = backoff.error(at(Duration::from_millis(9_500))).unwrap();
    assert_eq!((again.status(), again.retry_after(), again.request_sent()), (Status::Rejected, Some(51), false));
    assert!(again.message().starts_with("no (9 s ago; this session tries again in 51 s"), "{again}");
    assert!(backoff.error(at(seconds(60))).is_none());
}

#[test]
fn a_good_token_is_left_alone_for_ten_seconds_or_longer() {
    let failed = Backoff::after(&error(Status::Server, None), None, at(Duration::ZERO)).unwrap();
    assert!(failed.defers_renewal(at(seconds(9))) && !failed.defers_renewal(at(seconds(10))));
    let rejected = Backoff::after(&error(Status::Rejected, None), None, at(Duration::ZERO)).unwrap();
    assert!(rejected.defers_renewal(at(seconds(59))) && !rejected.defers_renewal(at(seconds(60))));
    let own_time = Backoff::of_renewals(&error(Status::Timeout, None), at(Duration::ZERO));
    assert!(own_time.error(at(Duration::ZERO)).is_none() && own_time.defers_renewal(at(seconds(9))));
}

#[test]
fn another_process_counts_on() {
    let throttled = Backoff::after(&error(Status::Throttled, Some(100)), None, at(Duration::ZERO)).unwrap();
    let stored = throttled.to_stored(at(seconds(30)));
    let told = Backoff::of_stored(&stored, at(seconds(40))).unwrap();
    let again = told.error(at(seconds(40))).unwrap();
    assert_eq!((again.status(), again.retry_after()), (Status::Throttled, Some(60)));
    let next = Backoff::after(&error(Status::Throttled, None), Some(&told), at(seconds(100))).unwrap();
    assert_eq!(next.failures, 2);

    let restarted = Now { uptime: Uptime::from_milliseconds(5), ..at(seconds(40)) };
    let told = Backoff::of_stored(&stored, restarted).unwrap();
    assert_eq!(told.error(restarted).unwrap().retry_after(), Some(60), "this machine was started meanwhile");
    let set_back = Now { unix: stored.since - 1, ..at(seconds(40)) };
    assert!(Backoff::of_stored(&stored, set_back).is_none());
    for status in [-1, 0, 1, 3, 19] {
        assert!(Backoff::of_stored(&StoredBackoff { status, ..stored.clone() }, at(seconds(40))).is_none());
    }
}
