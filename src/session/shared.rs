//! SharedTokens: a store as one session uses it. Which stored tokens and back-offs count, and what it writes for others.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::account::Credentials;
use super::backoff::{Backoff, Failure};
use super::cache::{CachedToken, REJECTED_AGAIN};
use super::expiry::{Expiry, ExpiryBasis, Freshness};
use crate::clock::{Now, Uptime, milliseconds};
use crate::log::Level;
use crate::secret::Secret;
use crate::store::{SharedStore, StoreLock, StoredToken, TryLock};
use crate::token::{Token, is_token};

/// How long the lock is held where nobody logs in meanwhile.
const MOMENT: Duration = Duration::from_secs(1);

pub(super) struct SharedTokens<'a> {
    pub(super) store: &'a dyn SharedStore,
    credentials: &'a Credentials,
    /// Not to be taken again.
    rejected: Vec<Arc<Secret>>,
}

impl<'a> SharedTokens<'a> {
    pub(super) fn new(
        store: &'a dyn SharedStore,
        credentials: &'a Credentials,
        rejected: Vec<Arc<Secret>>,
    ) -> SharedTokens<'a> {
        SharedTokens { store, credentials, rejected }
    }

    /// The stored token, with how fresh it is, unless it has expired or was rejected.
    pub(super) fn token(&self, now: Now) -> io::Result<Option<(CachedToken, Freshness)>> {
        Ok(self.store.read_token()?.and_then(|stored| self.usable(&stored, now)))
    }

    fn usable(&self, stored: &StoredToken, now: Now) -> Option<(CachedToken, Freshness)> {
        let is_rejected = self.rejected.iter().any(|rejected| rejected.as_str() == stored.jwt);
        if is_rejected || !is_token(&stored.jwt) {
            return None;
        }
        let token = self.to_cached(stored, now);
        let freshness = token.freshness(now, self.credentials.client.settings().expiry_leeway);
        (freshness != Freshness::Expired).then_some((token, freshness))
    }

    fn to_cached(&self, stored: &StoredToken, now: Now) -> CachedToken {
        let token = Token::new(self.credentials.client.institute(), &stored.jwt);
        let basis = ExpiryBasis { lifetime: stored.lifetime, skew: stored.skew };
        let expiry = Expiry::of_stored(&token, basis, now);
        let replaced_at = stored.replaced_at.and_then(|at| now.since(at)).map(|ago| now.uptime.before(ago));
        let kept_until = stored.kept_until.map(|until| {
            let left = u64::try_from(until.saturating_sub(now.unix)).unwrap_or(0);
            now.uptime + Duration::from_millis(left).min(REJECTED_AGAIN)
        });
        CachedToken { token: Arc::new(token), expiry, basis, replaced_at, kept_until }
    }

    /// What keeps everybody from asking the server, or those who have a good token from renewing it.
    pub(super) fn backoff(&self, now: Now) -> Option<Backoff> {
        Backoff::of_stored(&self.store.read_backoff().ok()??, now)
    }

    /// Whether the next token is to replace one that was rejected just now.
    pub(super) fn replaces(&self, now: Now) -> bool {
        let is_rejected = |stored: StoredToken| {
            let ago = stored.replaced_at.and_then(|at| now.since(at));
            stored.jwt.is_empty() && ago.is_some_and(|ago| ago < REJECTED_AGAIN)
        };
        self.store.read_token().ok().flatten().is_some_and(is_rejected)
    }

    /// For the other processes: the token, or how the login failed and for how long nobody should try again.
    pub(super) fn write(&self, lock: &dyn StoreLock, result: &mut Result<CachedToken, Failure>) {
        let now = Now::read();
        let written = match result {
            Ok(token) => write_token(lock, token, now),
            Err(Failure { backoff: Some(backoff), .. }) => {
                let written = lock.write_backoff(&backoff.to_stored(now));
                backoff.is_stored = written.is_ok();
                written
            }
            Err(_) => Ok(()),
        };
        self.warn_if(written);
    }

    /// A token that was got without the lock.
    pub(super) fn write_late(&self, token: &CachedToken) {
        self.warn_if(match self.store.try_lock(Uptime::now() + MOMENT) {
            Ok(TryLock::Acquired(lock)) => write_token(&*lock, token, Now::read()),
            Ok(TryLock::Held { .. }) => Ok(()),
            Err(error) => Err(error),
        });
    }

    /// The server answered 401 to `jwt`: if that is the stored token, it is replaced by the next login, or kept where it
    /// replaced a rejected one itself just before. Gives the token that is kept.
    pub(super) fn reject(&self, jwt: &str) -> Option<CachedToken> {
        self.try_reject(jwt).unwrap_or_else(|error| {
            self.warn_if(Err(error));
            None
        })
    }

    fn try_reject(&self, jwt: &str) -> io::Result<Option<CachedToken>> {
        let read = || Ok::<_, io::Error>(self.store.read_token()?.filter(|stored| stored.jwt == jwt));
        if read()?.is_none() {
            return Ok(None);
        }
        // Nobody waits for the lock: whoever has it is replacing the token.
        let TryLock::Acquired(lock) = self.store.try_lock(Uptime::now() + MOMENT)? else { return Ok(None) };
        let Some(mut stored) = read()? else { return Ok(None) };
        let now = Now::read();
        if self.to_cached(&stored, now).survives_rejection(now.uptime) {
            stored.kept_until.get_or_insert(now.unix.saturating_add(milliseconds(REJECTED_AGAIN)));
            lock.write_token(&stored)?;
            return Ok(Some(self.to_cached(&stored, now)));
        }
        // On a full disk, at least this token is gone.
        lock.write_token(&rejected_token(now)).or_else(|_| lock.remove_token())?;
        Ok(None)
    }

    pub(super) fn warn(&self, what: &str) {
        let message = || format!("the token store {:?} {what}; going on without it", self.store);
        self.credentials.client.log().write(Level::Warn, message);
    }

    fn warn_if(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.warn(&format!("can't be written ({error})"));
        }
    }
}

fn write_token(lock: &dyn StoreLock, token: &CachedToken, now: Now) -> io::Result<()> {
    let unix = |at: Uptime| now.unix.saturating_sub(milliseconds(now.uptime.since(at)));
    lock.write_token(&StoredToken {
        jwt: token.token.jwt().to_owned(),
        lifetime: token.basis.lifetime,
        skew: token.basis.skew,
        replaced_at: token.replaced_at.map(unix),
        kept_until: None,
        ends_at: token.expiry.ends_at(),
    })?;
    lock.remove_backoff()
}

/// What stands in the place of one, so that the next login knows that it replaces it.
fn rejected_token(now: Now) -> StoredToken {
    let ends_at = Some(now.unix.saturating_add(milliseconds(REJECTED_AGAIN)));
    StoredToken { jwt: String::new(), lifetime: None, skew: 0, replaced_at: Some(now.unix), kept_until: None, ends_at }
}
