//! The wire: the bodies we send, and the answers and errors that we read.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::config::Encoding;
use crate::error::{Error, Status};
use crate::http::{Answer, Unreadable};
use crate::token::{MAX_JWT, is_token};

/// A body to send, wiped after use.
pub(crate) struct Body {
    pub(crate) content_type: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

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

/// The JWT in the answer to a login, or the error that the answer is.
pub(crate) fn login_answer(answer: &Answer, host: &str) -> Result<Zeroizing<String>, Error> {
    if let Some(problem) = answer.unreadable.filter(|_| !is_told_by_status(answer.status)) {
        return Err(unreadable(answer, problem, host));
    }
    if !(200..300).contains(&answer.status) {
        return Err(refusal(answer, host));
    }
    if !looks_like_an_object(&answer.body) {
        return Err(bad_response(answer, not_json(answer, host)));
    }
    // serde's own text may quote the answer, and with it a token: only the place is told.
    let parsed: LoginAnswer = serde_json::from_slice(&answer.body).map_err(|error| {
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

fn bad_response(answer: &Answer, message: String) -> Error {
    let mut error = Error::new(Status::BadResponse, message);
    attach(&mut error, answer, &Refusal::default());
    error
}

/// What an error answer says about itself, wherever the server put it.
#[derive(Default)]
struct Refusal {
    code: Option<String>,
    message: Option<String>,
    body: Option<String>,
    non_field_errors: bool,
}

const MAX_SHOWN_BODY: usize = 8 * 1024;

impl Refusal {
    fn read(body: &[u8]) -> Refusal {
        let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(body) else {
            return Refusal::default();
        };
        let detail = object.get("detail").and_then(Value::as_object);
        let shown = std::str::from_utf8(body).ok().filter(|body| body.len() <= MAX_SHOWN_BODY && !body.contains('\0'));
        Refusal {
            code: text(&object, "error_code").or_else(|| text(detail?, "error_code")),
            message: server_message(&object, detail),
            body: shown.map(str::to_owned),
            non_field_errors: object.contains_key("non_field_errors"),
        }
    }
}

/// The sentence for the user: the form's error, the detail, or the first field's error.
fn server_message(object: &Map<String, Value>, detail: Option<&Map<String, Value>>) -> Option<String> {
    first_text(object.get("non_field_errors"))
        .or_else(|| first_text(object.get("detail")))
        .or_else(|| text(detail?, "message").or_else(|| text(detail?, "detail")))
        .or_else(|| text(object, "message"))
        .or_else(|| text(object, "title"))
        .or_else(|| object.values().find_map(|value| value.is_array().then(|| first_text(Some(value)))?))
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    printable(object.get(key)?.as_str()?)
}

fn first_text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => printable(text),
        Value::Array(texts) => printable(texts.first()?.as_str()?),
        _ => None,
    }
}

/// C strings end at a NUL, so a text with one can't be handed out whole.
fn printable(text: &str) -> Option<String> {
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}

/// The error that an answer other than a 2xx is. By status, shape and `error_code`; never by a text, which is localised.
fn refusal(answer: &Answer, host: &str) -> Error {
    let refusal = Refusal::read(&answer.body);
    let status = classify(answer.status, &refusal);
    let mut error = Error::new(status, explain(status, answer, &refusal, host));
    attach(&mut error, answer, &refusal);
    error
}

fn classify(http_status: u16, refusal: &Refusal) -> Status {
    match (refusal.code.as_deref(), http_status) {
        (Some("max_login_exceeded"), _) => Status::Locked,
        (Some("parallel_login_restriction"), _) => Status::TooManyDevices,
        (_, 400) if refusal.non_field_errors => Status::Rejected,
        (_, 401) => Status::Rejected,
        (_, 403) => Status::Forbidden,
        (_, 404) => Status::NotFound,
        (_, 429) => Status::Throttled,
        (_, 400..=499) => Status::BadRequest,
        (_, 500..=599) => Status::Server,
        _ => Status::BadResponse,
    }
}

fn explain(status: Status, answer: &Answer, refusal: &Refusal, host: &str) -> String {
    let http = answer.status;
    match status {
        Status::Rejected => format!("{host} rejected the credentials (HTTP {http}): check username and password"),
        Status::Locked => {
            format!(
                "{host} has locked the account after too many failed logins (HTTP {http}): wait or contact the institute"
            )
        }
        Status::TooManyDevices => {
            format!(
                "{host} refused the login: the user is logged in on too many devices (HTTP {http}): log out elsewhere"
            )
        }
        Status::Throttled => match answer.retry_after {
            Some(seconds) => format!("{host} throttles logins (HTTP {http}): try again in {seconds} s"),
            None => format!("{host} throttles logins (HTTP {http}): try again later"),
        },
        Status::Forbidden => format!("{host} forbids this login (HTTP {http})"),
        Status::NotFound => format!("{host} has no login page here (HTTP {http}): check the institute and api_version"),
        Status::BadRequest if refusal.body.is_some() => {
            format!("{host} did not accept the request (HTTP {http}): its answer, server_body, says why")
        }
        Status::BadRequest => format!("{host} did not accept the request (HTTP {http})"),
        Status::Server => format!("{host} failed (HTTP {http}): try again later"),
        _ => redirect(answer, host),
    }
}

/// The whole Location may carry what is nobody's business, so only its origin is told.
fn redirect(answer: &Answer, host: &str) -> String {
    let http = answer.status;
    match &answer.location_origin {
        Some(origin) => format!(
            "{host} answered with a redirect to {origin} (HTTP {http}), which is not followed: \
             if that is the institute, use it; else a captive portal may stand in between"
        ),
        None => format!("{host} answered with HTTP {http}, which is no answer of the API"),
    }
}

fn attach(error: &mut Error, answer: &Answer, refusal: &Refusal) {
    let details = error.details_mut();
    details.http_status = Some(answer.status);
    details.retry_after = answer.retry_after;
    details.server_code = refusal.code.clone();
    details.server_message = refusal.message.clone();
    details.server_body = refusal.body.clone();
    details.request_sent = true;
}

#[cfg(test)]
mod tests;
