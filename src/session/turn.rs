//! Turn: how the processes that have a store in common make one login between them.

use std::io;
use std::time::{Duration, Instant};

use super::patience::Patience;
use super::refusal;
use super::renewal::{Failure, Outcome};
use super::sharing::Sharing;
use crate::account::{Held, REJECTED_AGAIN, RENEWAL_PAUSE};
use crate::clock::{Uptime, unix_now};
use crate::error::{Error, Status};
use crate::store::{self, Lock, Version};

/// How often a process looks whether the one that logs in has finished.
const LOOK: Duration = Duration::from_millis(10);
/// Whoever has the lock for longer is stopped, or far slower than a login of our own.
const MOST_WAIT_FOR_THE_LOCK: Duration = Duration::from_secs(15);
/// A holder's own time, and what it then has to write.
const GRACE: Duration = Duration::from_secs(1);
/// For how long a holder may seem to be late, while another takes the lock after it.
const LATE: Duration = Duration::from_millis(200);

/// Whose turn it is to log in.
pub(super) enum Whose {
    Ours {
        lock: Lock,
        /// A rejected token, that is.
        replaces: bool,
    },
    /// Another process was faster, and this is what it got.
    Stored(Held),
    /// The store is of no use now.
    Nobodys,
}

/// How things stand at one moment.
enum Look {
    Done(Outcome<Whose>),
    /// Another process logs in, and means to have finished by then.
    Taken(Option<Uptime>),
}

/// What was there when the wait began, or at the last look.
struct Seen {
    failed_before: Option<Version>,
    token: Option<Option<Version>>,
    late: Option<(Uptime, Instant)>,
}

impl Sharing<'_> {
    /// Waits for a token of another process, or for the right to log in. `has_token`: there is an old one, so that nobody
    /// needs to wait.
    pub(super) fn turn(&self, has_token: bool, patience: &Patience) -> Outcome<Whose> {
        // Half of the time is left for a login of our own.
        let until = Instant::now() + MOST_WAIT_FOR_THE_LOCK.min(patience.left() / 2);
        let mut seen = Seen { failed_before: self.store.rest_version(), token: None, late: None };
        loop {
            if !self.is_ours() {
                return Ok(Whose::Nobodys);
            }
            match self.look(has_token, patience, &mut seen) {
                Ok(Look::Done(outcome)) => return outcome,
                // Who has a good token leaves the renewal to the other process.
                Ok(Look::Taken(_)) if has_token => {
                    return Err(Error::new(Status::Timeout, "another process is renewing the token").into());
                }
                Ok(Look::Taken(promised)) if Instant::now() >= until || seen.is_late(promised) => {
                    self.warn("has been locked for long", &io::Error::other("its holder may be stopped"));
                    return Ok(Whose::Nobodys);
                }
                Ok(Look::Taken(_)) => patience.pause(LOOK)?,
                // Who has a good token of the store's makes no login whose token nobody could keep.
                Err(error) if has_token && self.has_no_current() => {
                    return Err(Error::new(Status::Internal, format!("the token store can't be used: {error}")).into());
                }
                Err(error) => {
                    self.warn("can't be used", &error);
                    return Ok(Whose::Nobodys);
                }
            }
        }
    }

    fn look(&self, has_token: bool, patience: &Patience, seen: &mut Seen) -> io::Result<Look> {
        let version = Some(self.store.token_version());
        if seen.token != version {
            seen.token = version;
            if let Some(held) = self.newer(self.store.token()?.as_ref(), has_token) {
                return Ok(Look::Done(Ok(Whose::Stored(held))));
            }
        }
        match self.store.try_lock(Uptime::now() + patience.left())? {
            store::Turn::Mine(lock) => self.with_lock(lock, has_token, seen).map(Look::Done),
            store::Turn::Taken { until } => {
                let failure = self.failure(has_token, seen);
                Ok(failure.map_or(Look::Taken(until), |failure| Look::Done(Err(failure))))
            }
        }
    }

    /// What was written before we got the lock says whether there is still something to do.
    fn with_lock(&self, lock: Lock, has_token: bool, seen: &Seen) -> io::Result<Outcome<Whose>> {
        let kept = self.store.token()?;
        if let Some(held) = self.newer(kept.as_ref(), has_token) {
            return Ok(Ok(Whose::Stored(held)));
        }
        if let Some(failure) = self.failure(has_token, seen) {
            return Ok(Err(failure));
        }
        let replaces = kept.is_some_and(|kept| kept.jwt.is_empty() && kept.replaced_within(REJECTED_AGAIN, unix_now()));
        Ok(Ok(Whose::Ours { lock, replaces }))
    }

    /// What another process was told that spares us a login: a refusal that holds, a renewal that has just failed, or,
    /// for those who waited for a login, its failure.
    fn failure(&self, has_token: bool, seen: &Seen) -> Option<Failure> {
        let version = self.store.rest_version();
        let rest = self.store.rest().ok()??;
        let paused = || refusal::within(&rest, RENEWAL_PAUSE).filter(|_| has_token);
        let waited_for = || refusal::shared(&rest).filter(|_| version.is_some() && version != seen.failed_before);
        refusal::of(&rest).or_else(paused).or_else(waited_for)
    }
}

impl Seen {
    /// Whether one holder is past its own time, and has not just been followed by another.
    fn is_late(&mut self, promised: Option<Uptime>) -> bool {
        let Some(promised) = promised.filter(|&promised| promised + GRACE < Uptime::now()) else {
            self.late = None;
            return false;
        };
        match self.late {
            Some((same, since)) if same == promised => since.elapsed() >= LATE,
            _ => {
                self.late = Some((promised, Instant::now()));
                false
            }
        }
    }
}
