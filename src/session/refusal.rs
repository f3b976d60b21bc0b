//! Refusal: how a failed login is written down for other processes, and what it says to them.

use std::time::Duration;

use super::renewal::Failure;
use crate::account::{self, Rest};
use crate::clock::Uptime;
use crate::error::{Error, Status};
use crate::store::StoredRest;

/// `None` for a failure that is this process's alone. `out_of_time`: another, with more time, might have had an answer.
pub(super) fn record(failure: &Failure, out_of_time: bool, unix_now: i64) -> Option<StoredRest> {
    let status = match failure.error.status() {
        Status::Cancelled | Status::InvalidArgument | Status::Internal => return None,
        _ if out_of_time => Status::Timeout,
        status => status,
    };
    let seconds = failure.rest.as_ref().map_or(0, |rest| rest.length().as_secs() + 1);
    let until = unix_now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
    Some(StoredRest { status: status.code(), since: unix_now, until })
}

/// What another process was told, while it holds. A clock that was set back since makes it void.
pub(super) fn of(rest: &StoredRest, unix_now: i64) -> Option<Failure> {
    let status = status(rest)?;
    // Whole seconds: rather one late than one early.
    let longest = i64::try_from(account::longest_rest(status)?.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
    let until = rest.until.min(rest.since.saturating_add(longest));
    if !(rest.since..until).contains(&unix_now) {
        return None;
    }
    let message = format!("a process that shares the token store was told this: {}", status.meaning());
    let error = Error::new(status, message);
    let (now, ago) = (Uptime::now(), Duration::from_secs(unix_now.abs_diff(rest.since)));
    let mut rest = Rest::new(&error, now - ago, Duration::from_secs(until.abs_diff(rest.since)));
    rest.is_stored = true;
    rest.is_own = false;
    Some(Failure { error: rest.refusal(now).unwrap_or(error), rest: Some(rest) })
}

/// A login that failed less than `time` ago, for who can do without one.
pub(super) fn within(rest: &StoredRest, time: Duration, unix_now: i64) -> Option<Failure> {
    let ago = u64::try_from(unix_now.saturating_sub(rest.since)).ok()?;
    if ago < time.as_secs() { told(rest) } else { None }
}

/// A login that failed while others waited for it. Not where its own time was over: theirs may not be.
pub(super) fn shared(rest: &StoredRest) -> Option<Failure> {
    told(rest).filter(|failure| failure.error.status() != Status::Timeout)
}

fn told(rest: &StoredRest) -> Option<Failure> {
    let status = status(rest)?;
    let message = format!("the login of another process, for this one, too, has failed: {}", status.meaning());
    Some(Error::new(status, message).into())
}

fn status(rest: &StoredRest) -> Option<Status> {
    Status::ALL.iter().copied().find(|status| status.code() == rest.status)
}
