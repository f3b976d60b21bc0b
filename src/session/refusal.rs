//! Refusal: how a failed login is written down for other processes, and what it says to them.

use std::time::Duration;

use super::renewal::Failure;
use crate::account::{self, Rest};
use crate::clock::{Uptime, unix_milliseconds};
use crate::error::{Error, Status};
use crate::store::StoredRest;

/// `None` for a failure that is this process's alone. `out_of_time`: another, with more time, might have had an answer.
pub(super) fn record(failure: &Failure, out_of_time: bool) -> Option<StoredRest> {
    let status = match failure.error.status() {
        Status::Cancelled | Status::InvalidArgument | Status::Internal => return None,
        _ if out_of_time => Status::Timeout,
        status => status,
    };
    Some(StoredRest::new(status, failure.rest.as_ref().map_or(Duration::ZERO, Rest::length)))
}

/// What another process was told, while it holds. A clock that was set back since makes it void.
pub(super) fn of(rest: &StoredRest) -> Option<Failure> {
    let status = status(rest)?;
    let longest = account::longest_rest(status)?;
    let ago = time_since(rest)?;
    let length = Duration::from_millis(u64::try_from(rest.until.saturating_sub(rest.since)).ok()?).min(longest);
    if ago >= length {
        return None;
    }
    let message = format!("a process that shares the token store was told this: {}", status.meaning());
    let error = Error::new(status, message);
    let now = Uptime::now();
    let mut rest = Rest::new(&error, now - ago, length);
    rest.is_stored = true;
    rest.is_own = false;
    Some(Failure { error: rest.refusal(now).unwrap_or(error), rest: Some(rest) })
}

/// A login that failed less than `time` ago, for who can do without one.
pub(super) fn within(rest: &StoredRest, time: Duration) -> Option<Failure> {
    if time_since(rest)? < time { told(rest) } else { None }
}

/// `None` where the clock was set back since.
fn time_since(rest: &StoredRest) -> Option<Duration> {
    u64::try_from(unix_milliseconds().saturating_sub(rest.since)).ok().map(Duration::from_millis)
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
