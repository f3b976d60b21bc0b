//! Account: what all sessions with the same credentials share in a process: the token, the one login under way, and
//! the rest after a refusal.

mod flight;
mod key;
mod registry;
mod rest;
mod validity;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use self::flight::{Flight, Landing};
pub(crate) use self::key::{Key, StoreKey};
pub(crate) use self::registry::{may_use_store, shared, takes_store};
pub(crate) use self::rest::{Rest, USUAL as USUAL_REST, length as rest_length, longest as longest_rest};
pub(crate) use self::validity::{Standing, Timing, Validity};
use crate::clock::Uptime;
use crate::config::Settings;
use crate::error::{Error, Result, Status};
use crate::institute::Origin;
use crate::process::PerProcess;
use crate::secret::Secret;
use crate::store::FileStore;
use crate::token::Token;

/// How long a valid token is left alone after a renewal failed.
pub(crate) const RENEWAL_PAUSE: Duration = Duration::from_secs(10);
/// A token that replaced a rejected one and is rejected as soon: the server accepts none.
pub(crate) const REJECTED_AGAIN: Duration = Duration::from_secs(60);

/// For how long a 401 to a token may come in after that was replaced.
const ON_ITS_WAY: Duration = Duration::from_secs(10);
/// How many of them are remembered, for a store that can't be made to forget one.
const MOST_REJECTED: usize = 8;

pub(crate) struct Account {
    state: PerProcess<Mutex<State>>,
}

/// A token and how long it is good for.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) token: Arc<Token>,
    pub(crate) validity: Validity,
    pub(crate) timing: Timing,
    /// When a login got it in place of a rejected one.
    pub(crate) replaced_at: Option<Uptime>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// The last tokens that the server answered 401 to, the newest first. A store may still have them.
    rejected: Vec<Arc<Secret>>,
    /// It has not been replaced by a login yet.
    replacing: bool,
    flight: Option<Arc<Flight>>,
    rest: Option<Rest>,
    /// No renewal before.
    pause_until: Option<Uptime>,
}

/// What a caller who wants a token has to do.
pub(crate) enum Step {
    Have(Arc<Token>),
    Lead(Lead),
    Wait(Arc<Flight>),
    Refuse(Error),
}

/// What a 401 says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// That token was replaced already, or another process' was never taken.
    NotHeld,
    /// It was meant for an older token that looks the same.
    Late,
    Once,
    /// It replaced a rejected one: the server accepts none.
    Again,
}

/// The right to log in, and the duty to land. Dropped on the way, it hands over.
pub(crate) struct Lead {
    account: Arc<Account>,
    flight: Arc<Flight>,
    /// Still good.
    pub(crate) current: Option<Held>,
    pub(crate) rejected: Vec<Arc<Secret>>,
    pub(crate) replacing: bool,
}

/// An explicit login has worked: the server says yes again.
pub(crate) fn forget_rest(origin: &Origin, settings: &Settings, username: &str, password: &str) {
    if let Some(store) = FileStore::new(&settings.store, StoreKey::new(origin, settings, username)) {
        let _ = store.forget_rest();
    }
    if registry::is_empty() {
        return;
    }
    if let Ok(key) = Key::new(origin, settings, username, password)
        && let Some(account) = registry::find(&key)
    {
        account.forget_rest();
    }
}

/// Whatever the next login gives.
fn accepts_none() -> Error {
    let message = "the server did not accept two new tokens in a row: the user may be disabled, \
                   or the token is sent where it does not belong";
    Error::new(Status::Unauthorized, message)
}

impl Account {
    pub(crate) fn new() -> Account {
        Account { state: PerProcess::new() }
    }

    /// A forked child begins with its parent's token and rest, if no thread was changing them at the fork.
    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.state.get_or_inherit(|parent: Option<&Mutex<State>>| {
            let inherited = parent.and_then(|parent| parent.try_lock().ok());
            Mutex::new(inherited.map_or_else(State::default, |state| state.for_child()))
        });
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn step(self: &Arc<Account>, now: Uptime, leeway: Option<Duration>) -> Result<Step> {
        let mut state = self.state();
        let held = state.held.as_ref().map(|held| (held.token.clone(), held.validity.standing(now, leeway)));
        let paused = state.pause_until.is_some_and(|until| now < until);
        match held {
            Some((token, Standing::Fresh)) => return Ok(Step::Have(token)),
            Some((token, Standing::Due)) if paused || state.flight.is_some() => return Ok(Step::Have(token)),
            _ => {}
        }
        let is_due = matches!(held, Some((_, Standing::Due)));
        let current = state.held.clone().filter(|_| is_due);
        if let Some(flight) = &state.flight {
            return if flight.is_led_here() {
                Err(Error::invalid("a log callback asked its own session for the token that is being got"))
            } else {
                Ok(Step::Wait(flight.clone()))
            };
        }
        if let Some(refusal) = state.rest.as_ref().and_then(|rest| rest.refusal(now)) {
            return Ok(current.map_or(Step::Refuse(refusal), |held| Step::Have(held.token)));
        }
        let flight = match (Flight::begin(), &current) {
            (Ok(flight), _) => flight,
            (Err(_), Some(held)) => return Ok(Step::Have(held.token.clone())),
            (Err(error), None) => {
                return Err(Error::new(Status::Internal, format!("no descriptor for a login: {error}")));
            }
        };
        let flight = Arc::new(flight);
        state.flight = Some(flight.clone());
        let (account, rejected, replacing) = (self.clone(), state.rejected.clone(), state.replacing);
        Ok(Step::Lead(Lead { account, flight, current, rejected, replacing }))
    }

    /// The server answered 401 to `token`.
    pub(crate) fn reject(&self, token: &Token, now: Uptime) -> Rejection {
        let mut state = self.state();
        let Some(held) = state.held.take_if(|held| held.token.jwt() == token.jwt()) else {
            return Rejection::NotHeld;
        };
        // Two logins within a second may give the same JWT: a late 401 to the first says nothing of the second.
        let was_rejected = state.rejected.first().is_some_and(|rejected| rejected.as_str() == token.jwt());
        let is_new = held.replaced_at.is_some_and(|at| now.since(at) < ON_ITS_WAY);
        if was_rejected && is_new && !std::ptr::eq(&*held.token, token) {
            state.held = Some(held);
            return Rejection::Late;
        }
        state.pause_until = None;
        state.rejected.retain(|rejected| rejected.as_str() != token.jwt());
        state.rejected.truncate(MOST_REJECTED - 1);
        state.rejected.splice(0..0, Secret::join(&[token.jwt()]).map(Arc::new));
        state.replacing = true;
        if held.replaced_at.is_some_and(|at| now.since(at) < REJECTED_AGAIN) {
            // The server may have asked for more.
            if !state.rest.as_ref().is_some_and(|rest| rest.ends_after(now + USUAL_REST)) {
                state.rest = Some(Rest::new(&accepts_none(), now, USUAL_REST));
            }
            return Rejection::Again;
        }
        Rejection::Once
    }

    /// A token that another process got, and no rest: the server says yes again.
    pub(crate) fn adopt(&self, held: Held) {
        let mut state = self.state();
        state.held = Some(held);
        state.rest = None;
        state.pause_until = None;
    }

    /// Whether a store must know of the rest for it to go on.
    pub(crate) fn has_stored_rest(&self) -> bool {
        self.state().rest.as_ref().is_some_and(|rest| rest.is_stored)
    }

    pub(crate) fn rejected(&self) -> Vec<Arc<Secret>> {
        self.state().rejected.clone()
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.state().rest.as_ref().is_some_and(Rest::is_own_rejection)
    }

    /// The store was told of it, too.
    pub(crate) fn rest_is_stored(&self) {
        if let Some(rest) = &mut self.state().rest {
            rest.is_stored = true;
        }
    }

    pub(crate) fn forget_rest(&self) {
        self.state().rest = None;
    }
}

impl Lead {
    /// A token, from a login (`logged_in`) or from a store.
    pub(crate) fn succeed(self, held: Held, logged_in: bool) {
        let landing = Landing::Token(held.token.clone());
        let mut state = self.account.state();
        state.replacing = false;
        if logged_in {
            state.rest = None;
        }
        state.held = Some(held);
        state.pause_until = None;
        drop(state);
        self.land(landing);
    }

    /// No new token, but one of a store that is good still.
    pub(crate) fn fall_back(self, held: Held, rest: Option<Rest>, now: Uptime) {
        let landing = Landing::Token(held.token.clone());
        let mut state = self.account.state();
        state.held = Some(held);
        state.has_failed(rest, now);
        drop(state);
        self.land(landing);
    }

    /// `rest`: for how long the server is not to be asked again. Gives the old token, if it was not rejected meanwhile.
    pub(crate) fn fail(self, error: &Error, rest: Option<Rest>, out_of_time: bool, now: Uptime) -> Option<Held> {
        let mut state = self.account.state();
        if error.status() != Status::Cancelled {
            state.has_failed(rest, now);
        }
        let held = state.held.clone();
        drop(state);
        let own = error.status() == Status::Cancelled || out_of_time;
        self.land(if own { Landing::HandedOver } else { Landing::Failed(error.clone()) });
        held
    }

    fn land(&self, landing: Landing) {
        let mut state = self.account.state();
        if state.flight.as_ref().is_some_and(|flight| Arc::ptr_eq(flight, &self.flight)) {
            state.flight = None;
        }
        drop(state);
        self.flight.land(landing);
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        if self.flight.landing().is_none() {
            self.land(Landing::HandedOver);
        }
    }
}

impl State {
    /// The server said no, or nothing: `rest` is for how long nobody asks it again, token or not.
    fn has_failed(&mut self, rest: Option<Rest>, now: Uptime) {
        self.pause_until = Some(now + RENEWAL_PAUSE);
        if rest.is_some() {
            self.rest = rest;
        }
    }

    /// The parent's login under way is none of the child's.
    fn for_child(&self) -> State {
        State {
            held: self.held.clone(),
            rejected: self.rejected.clone(),
            replacing: self.replacing,
            flight: None,
            rest: self.rest.clone(),
            pause_until: self.pause_until,
        }
    }
}
