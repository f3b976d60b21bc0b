//! Sharing: a store as one session uses it, to read what others have left and to leave something for them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::Session;
use super::patience::Patience;
use super::refusal;
use super::renewal::{Failure, Outcome};
use crate::account::{self, Held, REJECTED_AGAIN, Standing, StoreKey, Timing, Validity};
use crate::clock::{Uptime, unix_now};
use crate::secret::Secret;
use crate::store::{FileStore, Lock, StoredToken, Turn};
use crate::token::{Token, is_token};

pub(super) struct Sharing<'a> {
    session: &'a Session,
    key: StoreKey,
    pub(super) store: &'a FileStore,
    /// Not to be taken again.
    rejected: Vec<Arc<Secret>>,
    /// The one that is to be renewed.
    current: Option<Arc<Token>>,
}

impl<'a> Sharing<'a> {
    /// `None` where tokens stay in memory.
    pub(super) fn new(
        session: &'a Session,
        rejected: Vec<Arc<Secret>>,
        current: Option<Arc<Token>>,
    ) -> Option<Sharing<'a>> {
        let (key, store) = session.store.as_ref()?;
        Some(Sharing { session, key: *key, store, rejected, current })
    }

    /// No other session of this process, with another password, has a better claim to what is stored. That may change at
    /// any time.
    pub(super) fn is_ours(&self) -> bool {
        account::may_use_store(self.key, self.session.key)
    }

    /// The stored token, if it is of use.
    pub(super) fn stored(&self) -> Option<(Held, Standing)> {
        let kept = if self.is_ours() { self.store.token().ok()? } else { None };
        self.of_use(kept.as_ref())
    }

    pub(super) fn has_no_current(&self) -> bool {
        self.current.is_none()
    }

    /// What keeps everybody from asking, if it is stored.
    pub(super) fn refusal(&self) -> Option<Failure> {
        let rest = if self.is_ours() { self.store.rest().ok()? } else { None };
        refusal::of(&rest?)
    }

    /// Where there is an old token, only a fresh one is better.
    pub(super) fn newer(&self, kept: Option<&StoredToken>, has_token: bool) -> Option<Held> {
        let (held, standing) = self.of_use(kept)?;
        (standing == Standing::Fresh || !has_token).then_some(held)
    }

    /// Not the one that was rejected, not the one that we have, and not expired.
    fn of_use(&self, kept: Option<&StoredToken>) -> Option<(Held, Standing)> {
        let kept = kept.filter(|kept| is_token(&kept.jwt))?;
        let is_rejected = self.rejected.iter().any(|rejected| rejected.as_str() == kept.jwt);
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
            // Another password of this process has worked meanwhile.
            Err(_) if !self.is_ours() => Ok(()),
            Err(failure) => match refusal::record(failure, patience.left().is_zero()) {
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

    pub(super) fn warn(&self, what: &str, error: &io::Error) {
        self.session.warn_of_store(self.store, what, error);
    }
}
