//! Renewal: how the one who leads gets a token: from the store if another process was faster, else by a login.

use std::sync::Arc;
use std::time::Duration;

use super::Session;
use super::patience::Patience;
use super::sharing::Sharing;
use super::turn::Whose;
use crate::account::{self, Held, Lead, Rest, Standing, Timing, Validity};
use crate::clock::{Uptime, unix_now};
use crate::error::{Error, Result, Status};
use crate::token::Token;

/// While the old token is good, nobody waits longer for a new one.
const MOST_WAIT_WITH_A_TOKEN: Duration = Duration::from_secs(5);

/// Why there is no new token, and for how long none is to be asked for.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) rest: Option<Rest>,
}

impl Failure {
    /// A renewal has less time than its caller.
    fn of_renewal(mut self, patience: &Patience) -> Failure {
        let was_cut = patience.deadline.timeout == MOST_WAIT_WITH_A_TOKEN && patience.left().is_zero();
        if was_cut && self.error.status() == Status::Timeout {
            let seconds = MOST_WAIT_WITH_A_TOKEN.as_secs();
            self.error.details_mut().message =
                format!("the token expired while it was renewed, for {seconds} s at most");
        }
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, rest: None }
    }
}

pub(super) type Outcome<T> = std::result::Result<T, Failure>;

struct Obtained {
    held: Held,
    /// Not from the store.
    by_login: bool,
}

impl Session {
    /// As the one who leads: a new token, or the old one where that is still good.
    pub(super) fn renew(&self, lead: Lead, patience: &Patience) -> Result<Arc<Token>> {
        let current = lead.current.as_ref().map(|held| held.token.clone());
        let sharing = Sharing::new(self, lead.rejected.clone(), current);
        let old_in_store = match sharing.as_ref().and_then(Sharing::stored) {
            Some((held, Standing::Fresh)) => {
                let token = held.token.clone();
                lead.succeed(held, false);
                return Ok(token);
            }
            found => found.map(|(held, _)| held),
        };
        let has_token = old_in_store.is_some() || lead.current.is_some();
        let hurry = patience.at_most(MOST_WAIT_WITH_A_TOKEN);
        let patience = if has_token { &hurry } else { patience };
        match self.obtain(sharing.as_ref(), lead.replacing, has_token, patience) {
            Ok(Obtained { held, by_login }) => {
                let token = held.token.clone();
                lead.succeed(held, by_login);
                Ok(token)
            }
            Err(failure) => fail(lead, old_in_store, failure.of_renewal(patience), patience),
        }
    }

    /// `replaces`: a rejected token, as far as this process knows.
    fn obtain(
        &self,
        sharing: Option<&Sharing>,
        replaces: bool,
        has_token: bool,
        patience: &Patience,
    ) -> Outcome<Obtained> {
        let by_login = |held| Obtained { held, by_login: true };
        let from_store = |held| Obtained { held, by_login: false };
        let Some(sharing) = sharing else {
            return self.log_in(replaces, patience).map(by_login);
        };
        match sharing.turn(has_token, patience)? {
            Whose::Stored(held) => Ok(from_store(held)),
            Whose::Ours { lock, replaces: as_stored } => {
                let mut result = self.log_in(replaces || as_stored, patience);
                sharing.write_down(&lock, &mut result, patience);
                result.map(by_login)
            }
            Whose::Nobodys => match self.log_in(replaces, patience) {
                Ok(held) => {
                    sharing.write_down_late(&held);
                    Ok(by_login(held))
                }
                // The one for whom we did not wait any longer may have had an answer meanwhile.
                Err(failure) => match sharing.stored() {
                    Some((held, Standing::Fresh)) if failure.error.status() != Status::Cancelled => {
                        Ok(from_store(held))
                    }
                    _ => Err(failure),
                },
            },
        }
    }

    fn log_in(&self, replaces: bool, patience: &Patience) -> Outcome<Held> {
        let (username, password) = (self.username.as_str(), self.password.as_str());
        match self.client.log_in_within(username, password, patience.call, patience.deadline) {
            Ok(login) => {
                let timing = Timing::of_new(&login.token, login.date, unix_now());
                let validity = Validity::of_new(timing, Uptime::now());
                let replaced_at = replaces.then(Uptime::now);
                Ok(Held { token: Arc::new(login.token), validity, timing, replaced_at })
            }
            Err(error) => {
                let rest = account::rest_length(&error).map(|length| Rest::new(&error, Uptime::now(), length));
                Err(Failure { error, rest })
            }
        }
    }
}

/// With the old token, where that is still good.
fn fail(lead: Lead, old_in_store: Option<Held>, failure: Failure, patience: &Patience) -> Result<Arc<Token>> {
    let Failure { error, rest } = failure;
    let still_good = |held: &Held| held.validity.standing(Uptime::now(), None) != Standing::Expired;
    let is_cancelled = error.status() == Status::Cancelled;
    let old_in_store = old_in_store.filter(|_| lead.current.is_none());
    if let Some(held) = old_in_store.filter(|held| !is_cancelled && still_good(held)) {
        let token = held.token.clone();
        lead.fall_back(held, rest, Uptime::now());
        return Ok(token);
    }
    let held = lead.fail(&error, rest, patience.left().is_zero(), Uptime::now());
    held.filter(|held| !is_cancelled && still_good(held)).map(|held| held.token).ok_or(error)
}
