//! Client: one institute, and the calls of its API.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::api;
use crate::call::{Call, CallContext};
use crate::clock::unix_seconds;
use crate::config::{Config, Settings, StoreLocation};
use crate::error::{Error, Result};
use crate::http::Http;
use crate::institute::Origin;
use crate::log::{Level, Log};
use crate::process::Environment;
use crate::secret;
use crate::token::Token;

/// Logs in to one institute. Thread-safe: share one, it keeps its connections for the next call.
///
/// No call holds a lock while it waits. A forked child may use its parent's client: it makes connections of its own.
///
/// A clone is the same client.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    origin: Origin,
    origin_text: String,
    settings: Settings,
    store: StoreLocation,
    log: Log,
    http: Http,
}

/// What a login brings.
pub(crate) struct Login {
    pub(crate) token: Token,
    /// The answer's own date, in Unix seconds.
    pub(crate) date: Option<i64>,
}

/// Maximum size of a login's answer; a token takes at most 8 KiB.
const MAX_LOGIN_ANSWER: usize = 64 * 1024;
const MAX_CREDENTIAL: usize = 64 * 1024;

impl Client {
    /// `institute` is a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com") or an https URL.
    ///
    /// Reads the files that the options name, and the environment, which no later call reads. Makes no connection; the
    /// system's trusted certificates are read before the first one.
    pub fn new(institute: &str, config: &Config) -> Result<Client> {
        let settings = config.settings.clone();
        let log = config.log.clone();
        let origin = Origin::parse(institute, settings.allow_http)?;
        let environment = Environment::read();
        let http = Http::new(&origin, &settings, &environment, &log)?;
        let store = settings.store.locate(&environment);
        Ok(Client(Arc::new(Shared { origin_text: origin.to_string(), origin, settings, store, log, http })))
    }

    /// Where credentials and tokens go, such as `https://demo.testpress.in`.
    pub fn origin(&self) -> &str {
        &self.0.origin_text
    }

    /// The context of a call that begins now.
    pub(crate) fn begin(&self, call: Option<&Call>) -> Result<CallContext> {
        CallContext::new(call, self.0.settings.timeout)
    }

    /// One login. The credentials were checked before.
    pub(crate) fn log_in(&self, username: &str, password: &str, context: CallContext) -> Result<Login> {
        let started = Instant::now();
        let (log, origin) = (&self.0.log, &self.0.origin_text);
        log.write(Level::Info, || format!("login to {origin}"));
        let result = self.try_log_in(username, password, context);
        let milliseconds = started.elapsed().as_millis();
        match &result {
            Ok(_) => log.write(Level::Info, || format!("logged in to {origin} in {milliseconds} ms")),
            Err(error) => log.write(Level::Warn, || {
                format!("login failed after {milliseconds} ms: {}: {error}", error.status().name())
            }),
        }
        result
    }

    fn try_log_in(&self, username: &str, password: &str, context: CallContext) -> Result<Login> {
        let Shared { origin, settings, http, .. } = &*self.0;
        let body = api::login_body(settings.login_encoding, username, password, multipart_boundary)?;
        let path = format!("/api/{}/auth-token/", settings.api_version);
        let answer = http.post(&path, &body, context, MAX_LOGIN_ANSWER)?;
        let jwt = api::login_answer(&answer, &origin.host.to_string(), password)?;
        Ok(Login { token: Token::new(origin, &jwt), date: answer.date.map(unix_seconds) })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn log(&self) -> &Log {
        &self.0.log
    }

    pub(crate) fn institute(&self) -> &Origin {
        &self.0.origin
    }

    /// Where its sessions keep their tokens.
    pub(crate) fn store(&self) -> &StoreLocation {
        &self.0.store
    }

    /// See [`Http::route`].
    pub(crate) fn route(&self) -> [u8; 32] {
        self.0.http.route()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("origin", &self.0.origin_text).field("settings", &self.0.settings).finish()
    }
}

pub(crate) fn check_credentials(username: &str, password: &str) -> Result<()> {
    check_credential("username", username)?;
    check_credential("password", password)
}

fn multipart_boundary() -> Result<u128> {
    secret::random().map(u128::from_ne_bytes)
}

/// Names the argument, never its value.
fn check_credential(name: &str, value: &str) -> Result<()> {
    let problem = match value.len() {
        0 => "is empty".to_owned(),
        length if length > MAX_CREDENTIAL => format!("is {length} bytes long"),
        _ if value.contains('\0') => "has a NUL".to_owned(),
        _ => return Ok(()),
    };
    Err(Error::invalid(format!("{name} {problem}: it takes 1 byte to 64 KiB of UTF-8 without NUL")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn credentials_that_break_a_rule_are_named_and_not_repeated() {
        let long = "s3cret".repeat(20_000);
        for (username, password, name) in [
            ("", "s3cret", "username is empty"),
            ("u", "", "password is empty"),
            ("u", "s3cret\0", "password has a NUL"),
            (&long, "s3cret", "username is 120000 bytes long"),
        ] {
            let error = check_credentials(username, password).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().starts_with(name), "{error}");
            assert!(!format!("{error:?}").contains("s3cret"));
        }
    }
}
