//! TokenCache: what all sessions of one account share in a process: the token, the one login under way, and the back-off
//! after a failure. A state machine: time is an argument.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::backoff::{Backoff, Failure};
use super::expiry::{Expiry, ExpiryBasis, Freshness};
use super::pending::{LoginOutcome, PendingLogin};
use crate::clock::{Now, Uptime};
use crate::error::{Error, Result, Status};
use crate::process::PerProcess;
use crate::secret::Secret;
use crate::token::Token;

/// Two rejected tokens within this time: another login would not help. For as long none is made.
pub(super) const REJECTED_AGAIN: Duration = Duration::from_secs(60);

/// How late a 401 to a token may come in after that was replaced.
const LATE_401: Duration = Duration::from_secs(10);
/// How many rejected tokens are remembered, for a store that could not be told of one.
const MAX_REJECTED: usize = 8;

pub(super) struct TokenCache {
    state: PerProcess<Mutex<State>>,
}

/// A token and how long it is good.
#[derive(Clone)]
pub(super) struct CachedToken {
    pub(super) token: Arc<Token>,
    pub(super) expiry: Expiry,
    pub(super) basis: ExpiryBasis,
    /// When a login got it in place of a rejected one.
    pub(super) replaced_at: Option<Uptime>,
    /// It was rejected as well, and is kept until then all the same.
    pub(super) kept_until: Option<Uptime>,
}

impl CachedToken {
    /// One that is kept is not to be renewed.
    pub(super) fn freshness(&self, now: Now, leeway: Option<Duration>) -> Freshness {
        match self.expiry.freshness(now, leeway) {
            Freshness::RefreshSoon if self.kept_until.is_some_and(|until| now.uptime < until) => Freshness::Fresh,
            freshness => freshness,
        }
    }

    /// Whether it is kept although the server has just answered 401 to it: it replaced a rejected one shortly before.
    pub(super) fn survives_rejection(&self, now: Uptime) -> bool {
        let is_kept = self.kept_until.map(|until| now < until);
        is_kept.unwrap_or(self.replaced_at.is_some_and(|at| now.since(at) < REJECTED_AGAIN))
    }
}

#[derive(Clone, Default)]
struct State {
    cached: Option<CachedToken>,
    /// The last tokens that the server answered 401 to, the newest first. A store may still have them.
    rejected: Vec<Arc<Secret>>,
    /// The last of them has not been replaced by a login yet.
    replacing: bool,
    pending: Option<Arc<PendingLogin>>,
    /// The last failure, until a login succeeds.
    backoff: Option<Backoff>,
}

/// What a caller who wants a token has to do.
pub(super) enum Lookup<'a> {
    Hit(Arc<Token>),
    Refresh(Refresher<'a>),
    Join(Arc<PendingLogin>),
    BackingOff(Error),
}

/// What a 401 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    /// That token is not the cached one: it was replaced already, or never came from here.
    NotCached,
    /// It was meant for an older token that looks the same.
    Late,
    /// The next token is another one.
    Replace,
    /// It had replaced a rejected one just before: it is kept, and no login is made for a while.
    Keep,
}

impl TokenCache {
    pub(super) fn new() -> TokenCache {
        TokenCache { state: PerProcess::new() }
    }

    /// A forked child begins with its parent's token and back-off, if no thread was changing them at the fork. A login
    /// under way is the parent's alone.
    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.state.get_or_inherit(|parent: Option<&Mutex<State>>| {
            let inherited = parent.and_then(|parent| parent.try_lock().ok()).map(|state| state.clone());
            Mutex::new(State { pending: None, ..inherited.unwrap_or_default() })
        });
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token that `lookup` would give at once.
    pub(super) fn hit(&self, now: Now, leeway: Option<Duration>) -> Option<Arc<Token>> {
        self.state().hit(now, leeway).cloned()
    }

    pub(super) fn lookup(&self, now: Now, leeway: Option<Duration>) -> Result<Lookup<'_>> {
        let mut state = self.state();
        if let Some(token) = state.hit(now, leeway) {
            return Ok(Lookup::Hit(token.clone()));
        }
        if let Some(pending) = &state.pending {
            return if pending.is_led_here() {
                Err(Error::invalid("a log callback asked its own session for the token of the login that it reports"))
            } else {
                Ok(Lookup::Join(pending.clone()))
            };
        }
        let current = state.valid(now).cloned();
        if let Some(error) = state.backoff.as_ref().filter(|_| current.is_none()).and_then(|b| b.error(now)) {
            return Ok(Lookup::BackingOff(error));
        }
        let pending = match (PendingLogin::begin(), &current) {
            (Ok(pending), _) => Arc::new(pending),
            (Err(_), Some(current)) => return Ok(Lookup::Hit(current.token.clone())),
            (Err(error), None) => {
                return Err(Error::new(Status::Internal, format!("no descriptor for a login: {error}")));
            }
        };
        state.pending = Some(pending.clone());
        let replaces = state.replacing;
        Ok(Lookup::Refresh(Refresher { cache: self, pending, current, replaces }))
    }

    /// The server answered 401 to `token`.
    pub(super) fn reject(&self, token: &Token, now: Uptime) -> Rejection {
        let mut state = self.state();
        let Some(mut cached) = state.cached.take_if(|cached| cached.token.jwt() == token.jwt()) else {
            return Rejection::NotCached;
        };
        // Two logins within a second may give the same JWT: a late 401 to the first says nothing of the second.
        let was_rejected = state.rejected.first().is_some_and(|rejected| rejected.as_str() == token.jwt());
        let is_late = was_rejected && cached.replaced_at.is_some_and(|at| now.since(at) < LATE_401);
        if is_late && !std::ptr::eq(&*cached.token, token) {
            state.cached = Some(cached);
            return Rejection::Late;
        }
        if cached.survives_rejection(now) {
            cached.kept_until.get_or_insert(now + REJECTED_AGAIN);
            state.cached = Some(cached);
            return Rejection::Keep;
        }
        state.remember_rejected(token);
        Rejection::Replace
    }

    /// A token that another process got: the server says yes again.
    pub(super) fn adopt(&self, token: CachedToken) {
        let mut state = self.state();
        state.rejected.retain(|rejected| rejected.as_str() != token.token.jwt());
        state.take_over(token);
    }

    /// Not to be taken from a store again.
    pub(super) fn rejected(&self) -> Vec<Arc<Secret>> {
        self.state().rejected.clone()
    }

    /// An explicit login has worked, or another process' has.
    pub(super) fn end_backoff(&self) {
        self.state().backoff = None;
    }

    /// Whether other processes were told of the back-off, and so may end it.
    pub(super) fn has_stored_backoff(&self) -> bool {
        self.state().backoff.as_ref().is_some_and(|backoff| backoff.is_stored)
    }
}

impl State {
    fn valid(&self, now: Now) -> Option<&CachedToken> {
        self.cached.as_ref().filter(|cached| cached.freshness(now, None) != Freshness::Expired)
    }

    fn hit(&self, now: Now, leeway: Option<Duration>) -> Option<&Arc<Token>> {
        let cached = self.cached.as_ref()?;
        let is_good_enough = match cached.freshness(now, leeway) {
            Freshness::Fresh => true,
            Freshness::Expired => false,
            // Somebody renews it, or nobody should.
            Freshness::RefreshSoon => {
                self.pending.is_some() || self.backoff.as_ref().is_some_and(|backoff| backoff.defers_renewal(now))
            }
        };
        is_good_enough.then_some(&cached.token)
    }

    fn take_over(&mut self, token: CachedToken) {
        self.cached = Some(token);
        self.replacing = false;
        self.backoff = None;
    }

    fn remember_rejected(&mut self, token: &Token) {
        self.rejected.retain(|rejected| rejected.as_str() != token.jwt());
        self.rejected.truncate(MAX_REJECTED - 1);
        self.rejected.splice(0..0, Secret::join(&[token.jwt()]).map(Arc::new));
        self.replacing = true;
    }
}

/// The right to log in, and the duty to tell those who wait. Dropped on the way, it hands over.
pub(super) struct Refresher<'a> {
    cache: &'a TokenCache,
    pending: Arc<PendingLogin>,
    /// Good still.
    pub(super) current: Option<CachedToken>,
    /// A token that was rejected.
    pub(super) replaces: bool,
}

impl Refresher<'_> {
    /// An old token of the store's, which is good until a new one has come.
    pub(super) fn use_meanwhile(&mut self, token: CachedToken) {
        self.cache.state().cached = Some(token.clone());
        self.current = Some(token);
    }

    pub(super) fn last_failure(&self) -> Option<Backoff> {
        self.cache.state().backoff.clone()
    }

    pub(super) fn succeed(self, token: CachedToken) -> Arc<Token> {
        let given = token.token.clone();
        self.cache.state().take_over(token);
        self.finish(LoginOutcome::Token(given.clone()));
        given
    }

    /// Gives the old token, where it is good and was not rejected meanwhile. `was_cut_short`: the caller's own time was
    /// over, which says nothing to those who have more.
    pub(super) fn fail(self, failure: &Failure, was_cut_short: bool, now: Now) -> Option<Arc<Token>> {
        let is_cancelled = failure.error.status() == Status::Cancelled;
        let mut state = self.cache.state();
        if !is_cancelled {
            let of_renewals = || state.valid(now).map(|_| Backoff::of_renewals(&failure.error, now));
            state.backoff = failure.backoff.clone().or_else(of_renewals).or(state.backoff.take());
        }
        let old = state.valid(now).filter(|_| !is_cancelled).map(|cached| cached.token.clone());
        drop(state);
        let is_own = is_cancelled || was_cut_short;
        self.finish(if is_own { LoginOutcome::HandedOver } else { LoginOutcome::Failed(failure.error.clone()) });
        old
    }

    fn finish(&self, outcome: LoginOutcome) {
        let mut state = self.cache.state();
        state.pending.take_if(|pending| Arc::ptr_eq(pending, &self.pending));
        drop(state);
        self.pending.finish(outcome);
    }
}

impl Drop for Refresher<'_> {
    fn drop(&mut self) {
        if self.pending.outcome().is_none() {
            self.finish(LoginOutcome::HandedOver);
        }
    }
}

#[cfg(test)]
mod tests;
