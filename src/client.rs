//! Client: the blocking client, one method for each call of the API.

use std::fmt;
use std::time::Instant;

use crate::api;
use crate::call::Call;
use crate::config::{Config, Settings};
use crate::error::{Error, Result};
use crate::http::{Http, Limits};
use crate::institute::Origin;
use crate::log::{Level, Log};
use crate::token::Token;

/// Logs in to one institute. Thread-safe: share one, it keeps its connections for the next call.
///
/// No call holds a lock while it waits. A forked child may use its parent's client: it makes connections of its own.
pub struct Client {
    origin: Origin,
    origin_text: String,
    settings: Settings,
    log: Log,
    http: Http,
}

/// What a login's answer may be long; a token takes 8 KiB at most.
const MAX_LOGIN_ANSWER: usize = 64 * 1024;
const MAX_CREDENTIAL: usize = 64 * 1024;

/// Logs in once, with the default options: [`Client::login`] for a program that needs no more.
pub fn login(institute: &str, username: &str, password: &str) -> Result<Token> {
    check_credentials(username, password)?;
    Client::new(institute, &Config::new())?.login(username, password, None)
}

impl Client {
    /// `institute` is a subdomain ("demo" for demo.testpress.in), a domain ("learn.example.com") or an https URL.
    ///
    /// Reads the trusted certificates, and the files that the options name. Makes no connection.
    pub fn new(institute: &str, config: &Config) -> Result<Client> {
        let settings = config.settings.clone();
        let log = config.log.clone();
        let origin = Origin::parse(institute, settings.allow_http)?;
        let http = Http::new(&origin, &settings, &log)?;
        Ok(Client { origin_text: origin.to_string(), origin, settings, log, http })
    }

    /// Where credentials and tokens go, such as `https://demo.testpress.in`.
    pub fn origin(&self) -> &str {
        &self.origin_text
    }

    /// Logs in. Username and password (each 1 byte to 64 KiB, no NUL) are sent exactly as given, to the client's origin
    /// and nowhere else. `call` gives this login another deadline than `timeout_ms`, and lets it be cancelled.
    pub fn login(&self, username: &str, password: &str, call: Option<&Call>) -> Result<Token> {
        check_credentials(username, password)?;
        let started = Instant::now();
        self.log.write(Level::Info, || format!("login to {}", self.origin_text));
        let result = self.try_login(username, password, call);
        let milliseconds = started.elapsed().as_millis();
        match &result {
            Ok(_) => self.log.write(Level::Info, || format!("logged in to {} in {milliseconds} ms", self.origin_text)),
            Err(error) => self.log.write(Level::Warn, || {
                format!("login failed after {milliseconds} ms: {}: {error}", error.status().name())
            }),
        }
        result
    }

    fn try_login(&self, username: &str, password: &str, call: Option<&Call>) -> Result<Token> {
        let body = api::login_body(self.settings.login_encoding, username, password, || self.http.random())?;
        let path = format!("/api/{}/auth-token/", self.settings.api_version);
        let limits = Limits { call, timeout: self.settings.timeout, max_answer: MAX_LOGIN_ANSWER };
        let answer = self.http.post(&path, &body, &limits)?;
        let jwt = api::login_answer(&answer, &self.origin.host.to_string(), password)?;
        Ok(Token::new(&self.origin, &jwt))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("origin", &self.origin_text).field("settings", &self.settings).finish()
    }
}

fn check_credentials(username: &str, password: &str) -> Result<()> {
    check_credential("username", username)?;
    check_credential("password", password)
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
            let error = login("demo", username, password).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().starts_with(name), "{error}");
            assert!(!format!("{error:?}").contains("s3cret"));
        }
    }
}
