//! An explicit login: sent in any case, and what it means for sessions when it works.

use super::account::{self, AccountKey, record_name};
use crate::call::Call;
use crate::client::{Client, check_credentials};
use crate::config::{Config, StoreLocation};
use crate::error::Result;
use crate::store;
use crate::token::Token;

/// Logs in once, with the default options: [`Client::login`] for a program that needs no more.
pub fn login(institute: &str, username: &str, password: &str) -> Result<Token> {
    check_credentials(username, password)?;
    Client::new(institute, &Config::new())?.login(username, password, None)
}

impl Client {
    /// Logs in. Username and password (each 1 byte to 64 KiB, no NUL) are sent exactly as given, to the client's origin
    /// and nowhere else. `call` gives this login another deadline than `timeout_ms`, and lets it be cancelled.
    ///
    /// It is sent whatever sessions were told before; when it works, their back-off ends.
    pub fn login(&self, username: &str, password: &str, call: Option<&Call>) -> Result<Token> {
        check_credentials(username, password)?;
        let login = self.log_in(username, password, self.begin(call)?)?;
        end_backoff(self, username, password);
        Ok(login.token)
    }
}

/// For the sessions with the same credentials: in this process those of clients that reach the server in the same way,
/// and all that share the store.
fn end_backoff(client: &Client, username: &str, password: &str) {
    let is_shared = *client.store() != StoreLocation::Memory;
    if !is_shared && account::has_none() {
        return;
    }
    let record = record_name(client, username, password);
    if let Some(cache) = AccountKey::new(client, &record, password).ok().and_then(|key| account::find(&key)) {
        cache.end_backoff();
    }
    if let Some(store) = store::open(client.store(), record, client.log()) {
        // A store that can't be used has nothing to end.
        let _ = store.remove_backoff();
    }
}
