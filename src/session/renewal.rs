//! Renewal: how the one who leads gets a token: from the store if another process was faster, else by a login.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Session;
use super::patience::Patience;
use crate::account::{self, Held, Lead, Rest, Standing, StoreKey, Timing, Validity};
use crate::clock::{Uptime, unix_now};
use crate::error::{Error, Result, Status};
use crate::log::Level;
use crate::store::{FileStore, Lock, StoredRest, StoredToken, Turn};
use crate::token::{Token, is_token};

/// While the old token is good, nobody waits longer for a new one.
const MOST_WAIT_WITH_A_TOKEN: Duration = Duration::from_secs(5);
/// How often a process looks whether the one that logs in has finished.
const LOOK: Duration = Duration::from_millis(10);
/// Whoever has the lock for longer is stopped, or far slower than a login of our own.
const MOST_WAIT_FOR_THE_LOCK: Duration = Duration::from_secs(15);

/// Why there is no new token, and for how long none is to be asked for.
struct Failure {
    error: Error,
    rest: Option<Rest>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, rest: None }
    }
}

/// Whose turn it is to log in, among the processes that share a store.
enum Whose {
    Ours(Lock),
    /// Another process was faster, and this is what it got.
    Stored(Held),
    /// The store is of no use now.
    Nobodys,
}

impl Session {
    /// As the one who leads: a new token, or the old one where that is still good.
    pub(super) fn renew(&self, lead: Lead, patience: &Patience) -> Result<Arc<Token>> {
        let current = lead.current.clone();
        let hurry = patience.at_most(MOST_WAIT_WITH_A_TOKEN);
        let patience = if current.is_some() { &hurry } else { patience };
        match self.obtain(&lead, patience) {
            Ok((held, logged_in)) => {
                let token = held.token.clone();
                lead.succeed(held, logged_in, Uptime::now());
                Ok(token)
            }
            Err(Failure { error, rest }) => {
                lead.fail(&error, rest, patience.left().is_zero(), Uptime::now());
                let still_good = |held: &Held| held.validity.standing(Uptime::now(), None) != Standing::Expired;
                let current = current.filter(|held| error.status() != Status::Cancelled && still_good(held));
                current.map(|held| held.token).ok_or(error)
            }
        }
    }

    /// A token, and whether it took a login.
    fn obtain(&self, lead: &Lead, patience: &Patience) -> std::result::Result<(Held, bool), Failure> {
        let Some((key, store)) = &self.store else {
            return Ok((self.log_in(patience)?, true));
        };
        let turn = if account::may_use_store(*key, self.key) {
            self.wait_for_turn(store, lead, patience)?
        } else {
            Whose::Nobodys
        };
        let lock = match turn {
            Whose::Stored(held) => return Ok((held, false)),
            Whose::Ours(lock) => Some(lock),
            Whose::Nobodys => None,
        };
        let result = self.log_in(patience);
        self.write_down(*key, store, lock, &result);
        Ok((result?, true))
    }

    fn log_in(&self, patience: &Patience) -> std::result::Result<Held, Failure> {
        let (username, password) = (self.username.as_str(), self.password.as_str());
        match self.client.log_in_within(username, password, patience.call, patience.left()) {
            Ok(login) => {
                let timing = Timing::of_new(&login.token, login.date, unix_now());
                let validity = Validity::of_new(timing, Uptime::now());
                Ok(Held { token: Arc::new(login.token), validity, timing })
            }
            Err(error) => {
                let rest = account::rest_length(&error).map(|length| Rest::new(&error, Uptime::now(), length));
                Err(Failure { error, rest })
            }
        }
    }

    fn wait_for_turn(
        &self,
        store: &FileStore,
        lead: &Lead,
        patience: &Patience,
    ) -> std::result::Result<Whose, Failure> {
        // Half of the time is left for a login of our own.
        let until = Instant::now() + MOST_WAIT_FOR_THE_LOCK.min(patience.left() / 2);
        let mut looked_at = None;
        loop {
            match self.turn(store, lead, &mut looked_at) {
                Ok(Some(turn)) => return turn,
                Ok(None) if lead.current.is_some() => {
                    // Who has a good token leaves the renewal to the other process.
                    return Err(Error::new(Status::Timeout, "another process is renewing the token").into());
                }
                Ok(None) if Instant::now() < until => patience.pause(LOOK)?,
                Ok(None) => {
                    self.warn("has been locked for long", &io::Error::other("its holder may be stopped"));
                    return Ok(Whose::Nobodys);
                }
                Err(error) => {
                    self.warn("can't be used", &error);
                    return Ok(Whose::Nobodys);
                }
            }
        }
    }

    /// `None`: another process has the lock, and is logging in.
    fn turn(
        &self,
        store: &FileStore,
        lead: &Lead,
        looked_at: &mut Option<Option<std::time::SystemTime>>,
    ) -> io::Result<Option<std::result::Result<Whose, Failure>>> {
        let changed_at = Some(store.changed_at());
        if *looked_at != changed_at {
            *looked_at = changed_at;
            if let Some(held) = self.stored(store, lead)? {
                return Ok(Some(Ok(Whose::Stored(held))));
            }
        }
        let Turn::Mine(lock) = store.try_lock()? else {
            return Ok(None);
        };
        // Once more: it may have been written since.
        if let Some(held) = self.stored(store, lead)? {
            return Ok(Some(Ok(Whose::Stored(held))));
        }
        Ok(Some(match store.rest()?.and_then(|rest| refusal(&rest, unix_now())) {
            Some(failure) => Err(failure),
            None => Ok(Whose::Ours(lock)),
        }))
    }

    /// The stored token, if it is of use: not the one that was rejected, and good for longer than the one we have.
    fn stored(&self, store: &FileStore, lead: &Lead) -> io::Result<Option<Held>> {
        let Some(kept) = store.token()?.filter(|kept| is_token(&kept.jwt)) else {
            return Ok(None);
        };
        if lead.rejected.as_ref().is_some_and(|rejected| rejected.as_str() == kept.jwt.as_str()) {
            return Ok(None);
        }
        let token = Token::new(self.client.whereto(), &kept.jwt);
        let timing = Timing { lifetime: kept.lifetime, skew: kept.skew };
        let validity = Validity::of_kept(&token, timing, Uptime::now(), unix_now());
        let of_use = match validity.standing(Uptime::now(), self.client.settings().expiry_leeway) {
            Standing::Fresh => true,
            Standing::Due => lead.current.is_none(),
            Standing::Expired => false,
        };
        Ok(of_use.then(|| Held { token: Arc::new(token), validity, timing }))
    }

    /// For the other processes: the token, or that nobody is to ask for a while.
    fn write_down(
        &self,
        key: StoreKey,
        store: &FileStore,
        lock: Option<Lock>,
        result: &std::result::Result<Held, Failure>,
    ) {
        let written = match (result, lock) {
            (Ok(held), lock) => {
                account::takes_store(key, self.key);
                self.keep_token(store, lock, held)
            }
            // Without the lock, ours may be the wrong password of two.
            (Err(Failure { rest: Some(rest), error }), Some(lock)) => {
                let since = unix_now();
                let seconds = i64::try_from(rest.length().as_secs()).unwrap_or(i64::MAX);
                let rest = StoredRest { status: error.status().code(), since, until: since.saturating_add(seconds) };
                store.keep_rest(&lock, &rest)
            }
            _ => Ok(()),
        };
        if let Err(error) = written {
            self.warn("can't be written", &error);
        }
    }

    fn keep_token(&self, store: &FileStore, lock: Option<Lock>, held: &Held) -> io::Result<()> {
        let lock = match lock {
            Some(lock) => lock,
            None => match store.try_lock()? {
                Turn::Mine(lock) => lock,
                Turn::Taken => return Ok(()),
            },
        };
        let jwt = held.token.jwt().to_owned();
        store.keep_token(&lock, &StoredToken { jwt, lifetime: held.timing.lifetime, skew: held.timing.skew })?;
        store.forget_rest()
    }

    fn warn(&self, what: &str, error: &io::Error) {
        self.client.log().write(Level::Warn, || format!("the token store {what}, and is passed over: {error}"));
    }
}

/// What another process was told, while it holds. A clock that was set back since makes it void.
fn refusal(rest: &StoredRest, unix_now: i64) -> Option<Failure> {
    const LONGEST: i64 = 86_400;
    let holds = (rest.since..rest.until).contains(&unix_now) && rest.until.saturating_sub(rest.since) <= LONGEST;
    let status = Status::ALL.iter().find(|status| status.code() == rest.status).filter(|_| holds)?;
    let error = Error::new(*status, format!("another process was told this: {}", status.meaning()));
    let left = Duration::from_secs(rest.until.abs_diff(unix_now));
    let rest = Rest::new(&error, Uptime::now(), left);
    Some(Failure { error: rest.refusal(Uptime::now()).unwrap_or(error), rest: Some(rest) })
}
