//! A login: the body that we send, and the token or the error that its answer is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error_body::{ErrorBody, attach, refused};
use super::secret_scan::SecretScan;
use crate::config::Encoding;
use crate::error::{Error, Status};
use crate::http::{Answer, Body, Unreadable};
use crate::token::{MAX_JWT, is_token};

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    password: &'a str,
}

/// The body of a login. `random` is asked for a multipart boundary.
pub(crate) fn login_body(
    encoding: Encoding,
    username: &str,
    password: &str,
    random: impl FnOnce() -> Result<u128, Error>,
) -> Result<Body, Error> {
    Ok(match encoding {
        Encoding::Json => json_body(&Credentials { username, password }, 6 * (username.len() + password.len())),
        Encoding::Multipart => multipart_body(&[("username", username), ("password", password)], random()?),
    })
}

/// `strings` is the most that the strings inside may take: a buffer that never grows leaves no copy behind.
fn json_body(value: &impl Serialize, strings: usize) -> Body {
    let mut bytes = Zeroizing::new(Vec::with_capacity(strings + 64));
    serde_json::to_writer(&mut *bytes, value).expect("two strings are always JSON, and a Vec takes every write");
    Body { content_type: "application/json".to_owned(), bytes }
}

/// RFC 7578. 128 random bits can't be guessed, so no value contains the boundary.
fn multipart_body(fields: &[(&str, &str)], random: u128) -> Body {
    let boundary = format!("testpress-{random:032x}");
    let values: usize = fields.iter().map(|(_, value)| value.len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(values + 512));
    for (name, value) in fields {
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Body { content_type: format!("multipart/form-data; boundary={boundary}"), bytes }
}

/// Two `token` keys are an error to serde: no parser between the server and us may choose another one than we do.
#[derive(Deserialize)]
struct LoginAnswer<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
}

/// The JWT in the answer to a login, or the error that the answer is. `password` is what no error may repeat.
pub(crate) fn login_answer(answer: &Answer, host: &str, password: &str) -> Result<Zeroizing<String>, Error> {
    if let Some(problem) = answer.unreadable.filter(|_| !is_told_by_status(answer.status)) {
        return Err(unreadable(answer, problem, host));
    }
    if !(200..300).contains(&answer.status) {
        let scan = SecretScan::of(password);
        return Err(refused(answer, ErrorBody::read(&answer.body, &scan), host, &scan));
    }
    if !looks_like_an_object(&answer.body) {
        return Err(bad_response(answer, not_json(answer, host)));
    }
    token(answer, host).map_err(|error| {
        // Some servers say no with a 200.
        let scan = SecretScan::of(password);
        let body = ErrorBody::read(&answer.body, &scan);
        if body.known_code().is_some() { refused(answer, body, host, &scan) } else { error }
    })
}

fn token(answer: &Answer, host: &str) -> Result<Zeroizing<String>, Error> {
    let Ok(text) = std::str::from_utf8(&answer.body) else {
        return Err(bad_response(answer, format!("the answer of {host} is not UTF-8, so it is no JSON")));
    };
    // serde's own text may quote the answer, and with it a token: only the place is told.
    let parsed: LoginAnswer = serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "has no single string \"token\"",
            serde_json::error::Category::Eof => "ends in the middle of its JSON",
            _ => "is malformed JSON",
        };
        let place = format!("line {}, column {}", error.line(), error.column());
        let mut error = bad_response(answer, format!("the answer of {host} {what} ({place})"));
        error.details_mut().retryable = what.starts_with("ends");
        error
    })?;
    let jwt = Zeroizing::new(parsed.token.into_owned());
    if !is_token(&jwt) {
        let message =
            format!("the answer of {host} has a \"token\" that is not 1 to {MAX_JWT} visible ASCII characters");
        return Err(bad_response(answer, message));
    }
    Ok(jwt)
}

/// Whether the status alone says what happened, so that a body is only more words.
fn is_told_by_status(http_status: u16) -> bool {
    http_status == 429 || !matches!(http_status, 200..=299 | 400..=499)
}

fn unreadable(answer: &Answer, problem: Unreadable, host: &str) -> Error {
    let http = answer.status;
    let what = match problem {
        Unreadable::CutShort => "was cut short".to_owned(),
        Unreadable::TooLong(limit) => format!("is longer than {limit} bytes"),
        Unreadable::Encoded => "has a content coding that nobody asked for".to_owned(),
    };
    let mut error = bad_response(answer, format!("the answer of {host} (HTTP {http}) {what}"));
    error.details_mut().retryable = problem == Unreadable::CutShort;
    error
}

fn looks_like_an_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

fn not_json(answer: &Answer, host: &str) -> String {
    let status = answer.status;
    if answer.body.trim_ascii().is_empty() {
        format!("{host} answered {status} with an empty body instead of a token")
    } else if answer.body.trim_ascii_start().starts_with(b"<") {
        format!(
            "{host} answered {status} with a web page instead of JSON: a captive portal or proxy may stand in between, \
             or the institute's name is wrong"
        )
    } else {
        format!("{host} answered {status} with something else than a JSON object")
    }
}

/// Without the server's words: what is no answer of the API may hold anything, a token included.
pub(super) fn bad_response(answer: &Answer, message: String) -> Error {
    let mut error = Error::new(Status::BadResponse, message);
    attach(&mut error, answer, ErrorBody::default());
    error
}
