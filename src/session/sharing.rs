//! Sharing: how the processes that have a store in common make one login between them.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Session;
use super::patience::Patience;
use super::refusal;
use super::renewal::{Failure, Outcome};
use crate::account::{self, Held, REJECTED_AGAIN, RENEWAL_PAUSE, Standing, StoreKey, Timing, Validity};
use crate::clock::{Uptime, unix_now};
use crate::error::{Error, Status};
use crate::log::Level;
use crate::secret::Secret;
use crate::store::{FileStore, Lock, StoredRest, StoredToken, Turn, Version};
use crate::token::{Token, is_token};

/// How often a process looks whether the one that logs in has finished.
const LOOK: Duration = Duration::from_millis(10);
/// Whoever has the lock for longer is stopped, or far slower than a login of our own.
const MOST_WAIT_FOR_THE_LOCK: Duration = Duration::from_secs(15);
/// For how long a holder may seem to be late, while another takes the lock after it.
const LATE: Duration = Duration::from_millis(200);
/// A holder's own time, and what it then has to write.
const GRACE: Duration = Duration::from_secs(1);

/// A store as one session uses it.
pub(super) struct Sharing<'a> {
    session: &'a Session,
    key: StoreKey,
    store: &'a FileStore,
    /// Another session of this process, with another password, has no better claim to what is stored.
    is_ours: bool,
    /// Not to be taken again.
    rejected: Option<Arc<Secret>>,
    /// The one that is to be renewed.
    current: Option<Arc<Token>>,
}

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

impl<'a> Sharing<'a> {
    /// `None` where tokens stay in memory.
    pub(super) fn new(
        session: &'a Session,
        rejected: Option<Arc<Secret>>,
        current: Option<Arc<Token>>,
    ) -> Option<Sharing<'a>> {
        let (key, store) = session.store.as_ref()?;
        let is_ours = account::may_use_store(*key, session.key);
        Some(Sharing { session, key: *key, store, is_ours, rejected, current })
    }

    /// The stored token, if it is of use.
    pub(super) fn stored(&self) -> Option<(Held, Standing)> {
        let kept = if self.is_ours { self.store.token().ok()? } else { None };
        self.of_use(kept.as_ref())
    }

    /// What keeps everybody from asking, if it is stored.
    pub(super) fn refusal(&self) -> Option<Failure> {
        let rest = if self.is_ours { self.store.rest().ok()? } else { None };
        refusal::of(&rest?, unix_now())
    }

    /// Waits for a token of another process, or for the right to log in. `has_token`: there is an old one, so that nobody
    /// needs to wait.
    pub(super) fn turn(&self, has_token: bool, patience: &Patience) -> Outcome<Whose> {
        if !self.is_ours {
            return Ok(Whose::Nobodys);
        }
        // Half of the time is left for a login of our own.
        let until = Instant::now() + MOST_WAIT_FOR_THE_LOCK.min(patience.left() / 2);
        let failed_before = self.store.rest_version();
        let mut seen = None;
        let mut late = None;
        loop {
            match self.look(has_token, failed_before, &mut seen, patience) {
                Ok(Look::Done(outcome)) => return outcome,
                // Who has a good token leaves the renewal to the other process.
                Ok(Look::Taken(_)) if has_token => {
                    return Err(Error::new(Status::Timeout, "another process is renewing the token").into());
                }
                Ok(Look::Taken(promised)) if Instant::now() >= until || is_late(promised, &mut late) => {
                    self.warn("has been locked for long", &io::Error::other("its holder may be stopped"));
                    return Ok(Whose::Nobodys);
                }
                Ok(Look::Taken(_)) => patience.pause(LOOK)?,
                Err(error) => {
                    self.warn("can't be used", &error);
                    return Ok(Whose::Nobodys);
                }
            }
        }
    }

    fn look(
        &self,
        has_token: bool,
        failed_before: Option<Version>,
        seen: &mut Option<Option<Version>>,
        patience: &Patience,
    ) -> io::Result<Look> {
        let version = Some(self.store.token_version());
        if *seen != version {
            *seen = version;
            if let Some(held) = self.newer(self.store.token()?.as_ref(), has_token) {
                return Ok(Look::Done(Ok(Whose::Stored(held))));
            }
        }
        // Those who waited for a login that failed have had their answer.
        let failed_now = || self.store.rest_version().filter(|now| Some(*now) != failed_before);
        let shared = |rest: &StoredRest| refusal::shared(rest).filter(|_| failed_now().is_some());
        let lock = match self.store.try_lock(Uptime::now() + patience.left())? {
            Turn::Mine(lock) => lock,
            Turn::Taken { until } => {
                let rest = if failed_now().is_some() { self.store.rest()? } else { None };
                let failure = rest.as_ref().and_then(shared);
                return Ok(failure.map_or(Look::Taken(until), |failure| Look::Done(Err(failure))));
            }
        };
        // Once more: it may have been written since.
        let kept = self.store.token()?;
        if let Some(held) = self.newer(kept.as_ref(), has_token) {
            return Ok(Look::Done(Ok(Whose::Stored(held))));
        }
        let rest = self.store.rest()?;
        let paused = |rest: &StoredRest| refusal::within(rest, RENEWAL_PAUSE, unix_now()).filter(|_| has_token);
        let failure =
            rest.and_then(|rest| refusal::of(&rest, unix_now()).or_else(|| paused(&rest)).or_else(|| shared(&rest)));
        Ok(Look::Done(match failure {
            Some(failure) => Err(failure),
            None => {
                let was_rejected =
                    |kept: StoredToken| kept.jwt.is_empty() && kept.replaced_within(REJECTED_AGAIN, unix_now());
                Ok(Whose::Ours { lock, replaces: kept.is_some_and(was_rejected) })
            }
        }))
    }

    /// Where there is an old token, only a fresh one is better.
    fn newer(&self, kept: Option<&StoredToken>, has_token: bool) -> Option<Held> {
        let (held, standing) = self.of_use(kept)?;
        (standing == Standing::Fresh || !has_token).then_some(held)
    }

    /// Not the one that was rejected, not the one that we have, and not expired.
    fn of_use(&self, kept: Option<&StoredToken>) -> Option<(Held, Standing)> {
        let kept = kept.filter(|kept| is_token(&kept.jwt))?;
        let is_rejected = self.rejected.as_ref().is_some_and(|rejected| rejected.as_str() == kept.jwt);
        let is_current = self.current.as_ref().is_some_and(|current| current.jwt() == kept.jwt);
        if is_rejected || is_current {
            return None;
        }
        let (now, unix_now) = (Uptime::now(), unix_now());
        let token = Token::new(self.session.client.whereto(), &kept.jwt);
        let timing = Timing { lifetime: kept.lifetime, skew: kept.skew };
        let validity = Validity::of_kept(&token, timing, now, unix_now);
        let standing = validity.standing(now, self.session.client.settings().expiry_leeway);
        let ago = kept.replaced_at.filter(|_| kept.replaced_within(REJECTED_AGAIN, unix_now));
        let replaced_at = ago.map(|at| now - Duration::from_secs(unix_now.abs_diff(at)));
        let held = Held { token: Arc::new(token), validity, timing, replaced_at };
        (standing != Standing::Expired).then_some((held, standing))
    }

    /// For the other processes: the token, or how it failed, and whether nobody is to ask for a while.
    pub(super) fn write_down(&self, lock: &Lock, result: &mut Outcome<Held>, patience: &Patience) {
        let written = match result {
            Ok(held) => {
                account::takes_store(self.key, self.session.key);
                self.keep(lock, held)
            }
            Err(failure) => match refusal::record(failure, patience.left().is_zero(), unix_now()) {
                Some(record) => {
                    let written = self.store.keep_rest(lock, &record);
                    if let Some(rest) = &mut failure.rest {
                        rest.is_stored = written.is_ok();
                    }
                    written
                }
                None => Ok(()),
            },
        };
        self.warn_of(written);
    }

    /// What was got without the lock. A failure is not for the others: ours may be the wrong password of two.
    pub(super) fn write_down_late(&self, held: &Held) {
        account::takes_store(self.key, self.session.key);
        self.warn_of(match self.store.try_lock_for_a_moment() {
            Ok(Turn::Mine(lock)) => self.keep(&lock, held),
            Ok(Turn::Taken { .. }) => Ok(()),
            Err(error) => Err(error),
        });
    }

    fn keep(&self, lock: &Lock, held: &Held) -> io::Result<()> {
        let Timing { lifetime, skew } = held.timing;
        let replaced_at = held.replaced_at.map(|_| unix_now());
        self.store.keep_token(lock, &StoredToken { jwt: held.token.jwt().to_owned(), lifetime, skew, replaced_at })?;
        self.store.forget_rest()
    }

    fn warn_of(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.warn("can't be written", &error);
        }
    }

    fn warn(&self, what: &str, error: &io::Error) {
        let path = self.store.path().display();
        self.session
            .client
            .log()
            .write(Level::Warn, || format!("the token store {path} {what}, and is passed over: {error}"));
    }
}

/// What there was when it was looked at.
enum Look {
    Done(Outcome<Whose>),
    /// Another process logs in, and means to have finished by then.
    Taken(Option<Uptime>),
}

/// Whether one holder is past its own time, and has not just been followed by another.
fn is_late(promised: Option<Uptime>, late: &mut Option<(Uptime, Instant)>) -> bool {
    let Some(promised) = promised.filter(|&promised| promised + GRACE < Uptime::now()) else {
        *late = None;
        return false;
    };
    match late {
        Some((same, since)) if *same == promised => since.elapsed() >= LATE,
        _ => {
            *late = Some((promised, Instant::now()));
            false
        }
    }
}
