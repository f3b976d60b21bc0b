//! Claim: how the processes that share a store make one login between them.

use std::io;
use std::time::{Duration, Instant};

use super::backoff::Failure;
use super::cache::CachedToken;
use super::expiry::Freshness;
use super::pending::interrupted;
use super::shared::SharedTokens;
use crate::call::CallContext;
use crate::clock::{Now, Uptime};
use crate::error::{Error, Status};
use crate::store::{StoreLock, TryLock};

/// How often a process looks whether the one that logs in has finished: less and less often.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
/// Whoever has the lock for longer is stopped, or far slower than a login of our own.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// What a holder may need beyond its own time, to write what it got.
const GRACE: Duration = Duration::from_secs(1);
/// For how long a holder may seem to be late, while another takes the lock after it.
const SEEMS_LATE: Duration = Duration::from_millis(200);

/// Who logs in.
pub(super) enum Claim {
    /// This process.
    Acquired {
        lock: Box<dyn StoreLock>,
        /// A token that was rejected.
        replaces: bool,
    },
    /// Another one has, and this is what it got.
    Fetched(CachedToken),
    /// This process, and the store is of no use to it.
    Unavailable,
}

/// What a session has while it asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OldToken {
    None,
    Own,
    /// It comes from the store, so that a store that can't be written to would have to be asked again and again.
    Stored,
}

/// Waits for the right to log in, or for the token of another process. Whoever has an old token that is good still does
/// not wait.
pub(super) fn claim(shared: &SharedTokens, old: OldToken, context: CallContext) -> Result<Claim, Failure> {
    if let Some(failure) = backoff(shared, old) {
        return Err(failure);
    }
    // Half of the time is left for a login of our own.
    let until = Instant::now() + LONGEST_WAIT.min(context.left() / 2);
    let (mut pause, mut holder) = (FIRST_PAUSE, Holder::default());
    loop {
        match look(shared, old, context) {
            Ok(Look::Done(outcome)) => return outcome,
            Ok(Look::Held { .. }) if old != OldToken::None => {
                return Err(renewed_elsewhere().into());
            }
            Ok(Look::Held { until: promise }) if Instant::now() >= until || holder.is_late(promise) => {
                shared.warn("has been locked for too long: the process that holds the lock may be stopped");
                return Ok(Claim::Unavailable);
            }
            Ok(Look::Held { .. }) => {
                context.sleep(pause).map_err(|interruption| interrupted(interruption, context))?;
                pause = (pause * 3 / 2).min(LONGEST_PAUSE);
            }
            Err(error) if old == OldToken::Stored => {
                return Err(Error::new(Status::Store, error.to_string()).into());
            }
            Err(error) => {
                shared.warn(&format!("can't be used ({error})"));
                return Ok(Claim::Unavailable);
            }
        }
    }
}

enum Look {
    Done(Result<Claim, Failure>),
    Held { until: Option<Uptime> },
}

fn look(shared: &SharedTokens, old: OldToken, context: CallContext) -> io::Result<Look> {
    if let Some(token) = fetch(shared, old)? {
        return Ok(Look::Done(Ok(Claim::Fetched(token))));
    }
    let lock = match shared.store.try_lock(Uptime::now() + context.left())? {
        TryLock::Held { until } => return Ok(Look::Held { until }),
        TryLock::Acquired(lock) => lock,
    };
    // Whoever had the lock before may have left something just now.
    if let Some(token) = fetch(shared, old)? {
        return Ok(Look::Done(Ok(Claim::Fetched(token))));
    }
    if let Some(failure) = backoff(shared, old) {
        return Ok(Look::Done(Err(failure)));
    }
    let replaces = shared.replaces(Now::read());
    Ok(Look::Done(Ok(Claim::Acquired { lock, replaces })))
}

/// Beside an old token, only a fresh one is better.
fn fetch(shared: &SharedTokens, old: OldToken) -> io::Result<Option<CachedToken>> {
    let is_better = |freshness| freshness == Freshness::Fresh || old == OldToken::None;
    Ok(shared.token(Now::read())?.filter(|(_, freshness)| is_better(*freshness)).map(|(token, _)| token))
}

/// What another process was told, and spares this one a login.
fn backoff(shared: &SharedTokens, old: OldToken) -> Option<Failure> {
    let now = Now::read();
    let backoff = shared.backoff(now)?;
    let defers = old != OldToken::None && backoff.defers_renewal(now);
    let error = backoff.error(now).or_else(|| defers.then(renewed_elsewhere))?;
    Some(Failure { error, backoff: Some(backoff) })
}

/// Nobody sees it but the one who has an old token, and gives that.
fn renewed_elsewhere() -> Error {
    Error::new(Status::Timeout, "another process renews the token, or has just failed to")
}

/// Whoever has the lock, as the one who waits sees it.
#[derive(Default)]
struct Holder {
    late: Option<(Uptime, Instant)>,
}

impl Holder {
    /// Whether one holder is past its own time, and has not just been followed by another.
    fn is_late(&mut self, promise: Option<Uptime>) -> bool {
        let Some(promise) = promise.filter(|&promise| promise + GRACE < Uptime::now()) else {
            self.late = None;
            return false;
        };
        match self.late {
            Some((same, since)) if same == promise => since.elapsed() >= SEEMS_LATE,
            _ => {
                self.late = Some((promise, Instant::now()));
                false
            }
        }
    }
}
