//! Session: credentials in, always a valid token out, for one login per lifetime.

mod account;
mod backoff;
mod cache;
mod claim;
mod expiry;
mod explicit;
mod pending;
mod refresh;
mod shared;

use std::fmt;
use std::sync::Arc;

use self::account::{AccountCache, AccountKey, Credentials, record_name};
use self::cache::{Lookup, Rejection};
use self::expiry::Freshness;
pub use self::explicit::login;
use self::pending::LoginOutcome;
use self::shared::SharedTokens;
use crate::call::Call;
use crate::client::{Client, check_credentials};
use crate::clock::Now;
use crate::error::{Error, Result, Status};
use crate::secret::Secret;
use crate::store::{self, SharedStore, TryLock};
use crate::token::Token;

/// Credentials, and always a valid token for them. Thread-safe.
///
/// All sessions of a process with the same origin, user and password share one token, and one login when it is needed,
/// unless their clients differ in trust, client certificate, proxy, API version, login encoding or store. With the option
/// `store` set to `file`, all processes of the user do.
pub struct Session {
    credentials: Credentials,
    cache: Arc<AccountCache>,
    store: Option<Arc<dyn SharedStore>>,
}

impl Session {
    /// Keeps a clone of `client`, and the credentials, which are wiped on drop. Logs in when a token is first asked for.
    pub fn new(client: &Client, username: &str, password: &str) -> Result<Session> {
        check_credentials(username, password)?;
        let record = record_name(client, username, password);
        let key = AccountKey::new(client, &record, password)?;
        let secret = |text: &str| Secret::join(&[text]).ok_or_else(|| Error::invalid("credentials have a NUL"));
        let credentials =
            Credentials { client: client.clone(), username: secret(username)?, password: secret(password)? };
        let store = store::open(client.store(), record, client.log());
        Ok(Session { credentials, cache: account::join(key), store })
    }

    /// A valid token. At once while there is one; else from a login, one for all who ask meanwhile.
    ///
    /// A token that is about to expire is renewed by one caller, for at most five seconds while it is good, and given to
    /// the others as it is. After a login that failed, the same error comes back at once until the back-off has ended.
    pub fn token(&self, call: Option<&Call>) -> Result<Arc<Token>> {
        let Credentials { client, .. } = &self.credentials;
        if call.is_some_and(Call::is_cancelled) {
            return Err(Error::new(Status::Cancelled, "cancelled before a token was asked for"));
        }
        let leeway = client.settings().expiry_leeway;
        if let Some(token) = self.cache.hit(Now::read(), leeway) {
            return Ok(token);
        }
        let context = client.begin(call)?;
        loop {
            match self.cache.lookup(Now::read(), leeway)? {
                Lookup::Hit(token) => return Ok(token),
                Lookup::BackingOff(_) if self.end_backoff_of_others() => {}
                Lookup::BackingOff(error) => return Err(error),
                Lookup::Refresh(refresher) => {
                    let shared = self.shared();
                    if let Some(token) = refresh::refresh(refresher, &self.credentials, shared.as_ref(), context)? {
                        return Ok(token);
                    }
                }
                Lookup::Join(pending) => match pending.wait(context)? {
                    LoginOutcome::Token(token) => return Ok(token),
                    LoginOutcome::Failed(error) => return Err(error),
                    LoginOutcome::HandedOver => {}
                },
            }
        }
    }

    /// The token that [`token`](Session::token) would give at once; `None` where it would have to wait, log in or renew.
    /// Never blocks. Where no token is in memory, the store is read.
    pub fn cached(&self) -> Option<Arc<Token>> {
        let leeway = self.credentials.client.settings().expiry_leeway;
        self.cache.hit(Now::read(), leeway).or_else(|| {
            self.fetch();
            self.cache.hit(Now::read(), leeway)
        })
    }

    /// The server answered 401 to `token`: the next [`token`](Session::token) is another one. Nothing happens when it was
    /// replaced already. After two rejected tokens within a minute, no login is made for a minute, and the newest is kept.
    pub fn reject(&self, token: &Token) {
        if self.cache.reject(token, Now::read().uptime) == Rejection::Late {
            return;
        }
        if let Some(kept) = self.shared().and_then(|shared| shared.reject(token.jwt())) {
            self.cache.adopt(kept);
        }
    }

    /// Whether the store that the client's option names can be used: [`Status::Store`], with what is wrong and what to do.
    /// A login never fails for its store; this is for those who want to know.
    pub fn check_store(&self) -> Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        let tried = store.try_lock(Now::read().uptime).and_then(|lock| match lock {
            TryLock::Acquired(lock) => lock.try_to_write(),
            // Whoever has it is using the store.
            TryLock::Held { .. } => Ok(()),
        });
        tried.map_err(|error| Error::new(Status::Store, format!("the token store {store:?} can't be used: {error}")))
    }

    fn shared(&self) -> Option<SharedTokens<'_>> {
        let store = self.store.as_deref()?;
        Some(SharedTokens::new(store, &self.credentials, self.cache.rejected()))
    }

    /// Takes a fresh token of another process over. False when there is none.
    fn fetch(&self) -> bool {
        let stored = self.shared().and_then(|shared| shared.token(Now::read()).ok().flatten());
        let fresh = stored.filter(|(_, freshness)| *freshness == Freshness::Fresh);
        fresh.map(|(token, _)| self.cache.adopt(token)).is_some()
    }

    /// Whether another process has had a better answer since this one failed.
    fn end_backoff_of_others(&self) -> bool {
        if self.fetch() {
            return true;
        }
        let now = Now::read();
        let holds = |shared: SharedTokens| shared.backoff(now).is_some_and(|backoff| backoff.error(now).is_some());
        let is_over = self.cache.has_stored_backoff() && !self.shared().is_some_and(holds);
        if is_over {
            self.cache.end_backoff();
        }
        is_over
    }
}

/// Neither the user nor the password.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("client", &self.credentials.client).finish_non_exhaustive()
    }
}
