//! Session: credentials in, always a valid token out, for one login per lifetime.

mod patience;
mod refusal;
mod renewal;
mod sharing;
mod turn;

use std::fmt;
use std::io;
use std::sync::Arc;

use self::patience::Patience;
use self::sharing::Sharing;
use crate::account::{self, Account, Key, Landing, Rejection, Standing, Step, StoreKey};
use crate::call::Call;
use crate::client::{Client, check_credentials};
use crate::clock::Uptime;
use crate::error::{Error, Result};
use crate::log::Level;
use crate::secret::Secret;
use crate::store::FileStore;
use crate::token::Token;

/// Credentials, and always a valid token for them. Thread-safe.
///
/// All sessions of a process with the same origin, user and password share one token, and one login when it is needed.
/// With the option `store` set to `file`, all processes of the user do.
pub struct Session {
    client: Client,
    username: Secret,
    password: Secret,
    key: Key,
    account: Arc<Account>,
    store: Option<(StoreKey, FileStore)>,
}

impl Session {
    /// Keeps a clone of `client`, and the credentials, which are wiped on drop. Logs in when a token is first asked for.
    pub fn new(client: &Client, username: &str, password: &str) -> Result<Session> {
        check_credentials(username, password)?;
        let (origin, settings) = (client.whereto(), client.settings());
        let key = Key::new(origin, settings, username, password)?;
        let store_key = StoreKey::new(origin, settings, username);
        let secret = |text: &str| Secret::join(&[text]).ok_or_else(|| Error::invalid("credentials have a NUL"));
        Ok(Session {
            client: client.clone(),
            username: secret(username)?,
            password: secret(password)?,
            key,
            account: account::shared(key),
            store: FileStore::new(&settings.store, store_key).map(|store| (store_key, store)),
        })
    }

    /// A valid token. At once while there is one; else from a login, one for all who ask meanwhile.
    ///
    /// A token that is about to expire is renewed by one caller, for at most five seconds, and given to the others as it
    /// is. After the server rejected the credentials (for 60 s) or throttled them (for its wait), the same error comes
    /// back at once.
    pub fn token(&self, call: Option<&Call>) -> Result<Arc<Token>> {
        let patience = Patience::new(call, self.client.deadline(call))?;
        loop {
            match self.account.step(Uptime::now(), self.client.settings().expiry_leeway)? {
                Step::Have(token) => return Ok(token),
                Step::Refuse(_) if self.is_refused_no_more() => {}
                Step::Refuse(error) => return Err(error),
                Step::Lead(lead) => return self.renew(lead, &patience),
                Step::Wait(flight) => {
                    patience.wait_for(flight.descriptor())?;
                    match flight.landing() {
                        Some(Landing::Token(token)) => return Ok(token),
                        Some(Landing::Failed(error)) => return Err(error),
                        Some(Landing::HandedOver) | None => {}
                    }
                }
            }
        }
    }

    /// The server answered 401 to `token`: the next [`token`](Session::token) is another one. Nothing happens when it
    /// was replaced already.
    pub fn reject(&self, token: &Token) {
        let rejection = self.account.reject(token, Uptime::now());
        if let Some((_, store)) = self.store.as_ref().filter(|_| rejection != Rejection::Late) {
            match store.reject(token.jwt(), rejection == Rejection::Again) {
                Ok(true) if rejection == Rejection::Again => self.account.rest_is_stored(),
                Ok(_) => {}
                Err(error) => self.warn_of_store(store, "can't be written", &error),
            }
        }
    }

    /// Whether another process has had a better answer since this one was refused.
    fn is_refused_no_more(&self) -> bool {
        let Some(sharing) = Sharing::new(self, self.account.rejected(), None) else {
            return false;
        };
        // Whoever's password the server has just rejected gets nobody else's token.
        if !sharing.is_ours() || self.account.is_rejected() {
            return false;
        }
        if let Some((held, Standing::Fresh)) = sharing.stored() {
            self.account.adopt(held);
            return true;
        }
        let is_over = self.account.has_stored_rest() && sharing.refusal().is_none();
        if is_over {
            self.account.forget_rest();
        }
        is_over
    }

    fn warn_of_store(&self, store: &FileStore, what: &str, error: &io::Error) {
        let path = store.path().display();
        self.client.log().write(Level::Warn, || format!("the token store {path} {what}, and is passed over: {error}"));
    }
}

/// Neither the user nor the password.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("client", &self.client).finish_non_exhaustive()
    }
}
