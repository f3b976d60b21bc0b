//! Refresh: how the caller who leads gets a token: store, lock, login, write.

use std::sync::Arc;
use std::time::Duration;

use super::account::Credentials;
use super::backoff::{Backoff, Failure};
use super::cache::{CachedToken, Refresher};
use super::claim::{Claim, OldToken, claim};
use super::expiry::{Expiry, ExpiryBasis, Freshness};
use super::shared::SharedTokens;
use crate::call::CallContext;
use crate::clock::Now;
use crate::error::{Result, Status};
use crate::token::Token;

/// Nobody waits longer for a new token than this while the old one is good.
const LONGEST_RENEWAL: Duration = Duration::from_secs(5);

/// A new token, or the old one where it is still good. `None`: the time for a renewal was over and the old token is not
/// good any more, but the call has time left.
pub(super) fn refresh(
    mut refresher: Refresher,
    credentials: &Credentials,
    shared: Option<&SharedTokens>,
    context: CallContext,
) -> Result<Option<Arc<Token>>> {
    let mut old = if refresher.current.is_some() { OldToken::Own } else { OldToken::None };
    match shared.and_then(|shared| shared.token(Now::read()).ok().flatten()) {
        Some((token, Freshness::Fresh)) => return Ok(Some(refresher.succeed(token))),
        Some((token, _)) if old == OldToken::None => {
            refresher.use_meanwhile(token);
            old = OldToken::Stored;
        }
        _ => {}
    }
    let refresh = Refresh { refresher: &refresher, credentials, context: limit(context, refresher.current.as_ref()) };
    let result = shared.map_or_else(|| refresh.log_in(false, None), |shared| refresh.among_processes(shared, old));
    let is_over = refresh.context.left().is_zero();
    let failure = match result {
        Ok(token) => return Ok(Some(refresher.succeed(token))),
        Err(failure) => failure,
    };
    let old = refresher.fail(&failure, is_over, Now::read());
    let may_go_on = is_over && failure.error.status() == Status::Timeout && !context.left().is_zero();
    if old.is_some() || may_go_on { Ok(old) } else { Err(failure.error) }
}

/// While the old token is good, a renewal has less time than its caller. Where its end comes first, it is as if there were
/// none: the caller needs the new one then.
fn limit(context: CallContext, old: Option<&CachedToken>) -> CallContext {
    let outlasts = |old: &CachedToken| old.expiry.left(Now::read()).is_none_or(|left| left > LONGEST_RENEWAL);
    if old.is_some_and(outlasts) { context.at_most(LONGEST_RENEWAL) } else { context }
}

type Outcome = std::result::Result<CachedToken, Failure>;

struct Refresh<'a> {
    refresher: &'a Refresher<'a>,
    credentials: &'a Credentials,
    context: CallContext,
}

impl Refresh<'_> {
    fn among_processes(&self, shared: &SharedTokens, old: OldToken) -> Outcome {
        let (lock, replaces) = match claim(shared, old, self.context)? {
            Claim::Fetched(token) => return Ok(token),
            Claim::Unavailable => return self.beside(shared),
            Claim::Acquired { lock, replaces } => (lock, replaces),
        };
        let mut result = self.log_in(replaces, shared.backoff(Now::read()));
        shared.write(&*lock, &mut result);
        result
    }

    /// Without the lock, which another holds for too long, or which can't be had.
    fn beside(&self, shared: &SharedTokens) -> Outcome {
        match self.log_in(false, shared.backoff(Now::read())) {
            Ok(token) => {
                shared.write_late(&token);
                Ok(token)
            }
            // The one for whom we did not wait any longer may have had an answer meanwhile.
            Err(failure) => match shared.token(Now::read()) {
                Ok(Some((token, Freshness::Fresh))) if failure.error.status() != Status::Cancelled => Ok(token),
                _ => Err(failure),
            },
        }
    }

    /// `replaces`: a token that was rejected, as the store has it. `stored`: the last failure, likewise.
    fn log_in(&self, replaces: bool, stored: Option<Backoff>) -> Outcome {
        let Credentials { client, username, password } = self.credentials;
        let error = match client.log_in(username.as_str(), password.as_str(), self.context) {
            Ok(login) => {
                let now = Now::read();
                let basis = ExpiryBasis::of_new(&login.token, login.date, now.unix / 1000);
                let expiry = Expiry::of_new(basis, now);
                let replaced_at = (replaces || self.refresher.replaces).then_some(now.uptime);
                return Ok(CachedToken { token: Arc::new(login.token), expiry, basis, replaced_at, kept_until: None });
            }
            Err(error) => error,
        };
        let now = Now::read();
        let backoff = match error.status() {
            // With more time, another might have had an answer. Those who have a good token should not all try it.
            Status::Timeout if self.context.left().is_zero() => {
                self.refresher.current.as_ref().map(|_| Backoff::of_renewals(&error, now))
            }
            _ => Backoff::after(&error, stored.or_else(|| self.refresher.last_failure()).as_ref(), now),
        };
        Err(Failure { error, backoff })
    }
}
