//! The door for the fuzz targets (`tests/fuzz`) to what no program sees. Compiled with `--cfg fuzzing` alone.

use std::os::unix::net::UnixStream;

use crate::api;
use crate::call::CallContext;
use crate::config::Config;
use crate::error::Result;
use crate::http::{Http, fuzzing};
use crate::institute::Origin;
use crate::log::Log;
use crate::process::Environment;
use crate::proxy::Choice;
use crate::token::Token;

/// The origin of the logins here: it needs neither certificates nor a lookup.
const ORIGIN: &str = "http://localhost";

/// Logs in to whoever has the other end of `socket`.
pub fn login_over(socket: UnixStream, config: &Config, username: &str, password: &str) -> Result<Token> {
    let (origin, settings) = (Origin::parse(ORIGIN, false)?, &config.settings);
    let http = Http::new(&origin, settings, &Environment::read(), &Log::none())?.over(socket);
    let body = api::login_body(settings.login_encoding, username, password, || Ok(1))?;
    let path = format!("/api/{}/auth-token/", settings.api_version);
    let context = CallContext::new(None, settings.timeout)?;
    let jwt = api::login_answer(&http.post(&path, &body, context, 64 * 1024)?, &origin.host.to_string(), password)?;
    Ok(Token::new(&origin, &jwt))
}

/// What a login makes of an answer with these headers. `None` where they may not stand in a head.
pub fn login_answer(status: u16, headers: &[(&[u8], &[u8])], body: &[u8], password: &str) -> Option<Result<String>> {
    let origin = Origin::parse(ORIGIN, false).ok()?;
    let answer = fuzzing::answer(status, headers, body, &origin)?;
    Some(api::login_answer(&answer, "localhost", password).map(|jwt| jwt.to_string()))
}

/// The seconds to wait that an answer with these headers names.
pub fn retry_after(headers: &[(&[u8], &[u8])]) -> Option<u64> {
    fuzzing::answer(429, headers, b"", &Origin::parse(ORIGIN, false).ok()?)?.retry_after
}

/// An institute that was understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Institute {
    /// As a token tells it.
    pub origin: String,
    /// The scheme.
    pub https: bool,
    /// A name, or an address as it stands in a URL.
    pub host: String,
    /// The port that is connected to.
    pub port: u16,
}

/// Reads an institute.
pub fn institute(institute: &str, allow_http: bool) -> Result<Institute> {
    let origin = Origin::parse(institute, allow_http)?;
    let (https, host, port) = (origin.https, origin.host.to_string(), origin.port);
    Ok(Institute { origin: origin.to_string(), https, host, port })
}

/// Reads a proxy's URL: the proxy as errors name it, and the value of `Proxy-Authorization`. `None` where it is no URL.
#[allow(clippy::type_complexity, reason = "a pair is all that there is")]
pub fn proxy(url: &str) -> std::result::Result<Option<(String, Option<String>)>, String> {
    let Choice::Url(proxy) = Choice::parse(url)? else { return Ok(None) };
    let authorization = proxy.authorization.as_ref().map(|secret| secret.as_str().to_owned());
    Ok(Some((proxy.to_string(), authorization)))
}

/// The proxy that the environment names for an institute.
pub fn proxy_from_environment(institute: &str) -> Result<Option<String>> {
    let origin = Origin::parse(institute, true)?;
    Ok(Choice::Environment.proxy_for(&origin, &Environment::read())?.map(|proxy| proxy.to_string()))
}
