//! ErrorBody: what a server says when it says no, and the error that this is.

use serde_json::{Map, Value};

use super::login::bad_response;
use super::secret_scan::SecretScan;
use crate::error::{Error, Status};
use crate::http::{Answer, Redirect};

/// What an error answer says about itself, wherever the server put it.
#[derive(Default)]
pub(super) struct ErrorBody {
    code: Option<String>,
    message: Option<String>,
    text: Option<String>,
    non_field_errors: bool,
}

pub(super) const MAX_SHOWN_BODY: usize = 8 * 1024;

impl ErrorBody {
    /// Empty when the body is no JSON object; without texts when one of them holds a secret.
    pub(super) fn read(bytes: &[u8], scan: &SecretScan) -> ErrorBody {
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
            return ErrorBody::default();
        };
        let Some(object) = value.as_object() else {
            return ErrorBody::default();
        };
        let detail = object.get("detail").and_then(Value::as_object);
        let mut body = ErrorBody {
            code: text(object, "error_code").or_else(|| text(detail?, "error_code")),
            non_field_errors: object.contains_key("non_field_errors"),
            ..ErrorBody::default()
        };
        // What was just read as JSON is UTF-8.
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        if scan.is_in(text) {
            body.code = body.code.filter(|code| !scan.is_in_text(code));
            return body;
        }
        body.message = server_message(object, detail);
        body.text = (text.len() <= MAX_SHOWN_BODY && !text.contains('\0')).then(|| text.to_owned());
        body
    }

    pub(super) fn known_code(&self) -> Option<Status> {
        match self.code.as_deref()? {
            "max_login_exceeded" => Some(Status::Locked),
            "parallel_login_restriction" => Some(Status::TooManyDevices),
            _ => None,
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

/// The error that an answer is. By status, shape and `error_code`; never by a text, which is localised.
pub(super) fn refused(answer: &Answer, body: ErrorBody, host: &str, scan: &SecretScan) -> Error {
    let status = body.known_code().unwrap_or_else(|| classify(answer.status, body.non_field_errors));
    if status == Status::BadResponse {
        return bad_response(answer, redirect(answer, host, scan));
    }
    let message = explain(status, answer, &body, host);
    let mut error = Error::new(status, message);
    attach(&mut error, answer, body);
    error
}

fn classify(http_status: u16, non_field_errors: bool) -> Status {
    match http_status {
        400 if non_field_errors => Status::Rejected,
        401 => Status::Rejected,
        403 => Status::Forbidden,
        404 => Status::NotFound,
        429 => Status::Throttled,
        400..=499 => Status::BadRequest,
        500..=599 => Status::Server,
        _ => Status::BadResponse,
    }
}

fn explain(status: Status, answer: &Answer, body: &ErrorBody, host: &str) -> String {
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
        Status::BadRequest if body.text.is_some() => {
            format!("{host} did not accept the request (HTTP {http}): its answer, server_body, says why")
        }
        Status::BadRequest => format!("{host} did not accept the request (HTTP {http})"),
        Status::Server => format!("{host} failed (HTTP {http}): try again later"),
        status => format!("{host} said no: {}", status.meaning()),
    }
}

/// The whole Location may carry what is nobody's business, so only its origin is told.
fn redirect(answer: &Answer, host: &str, scan: &SecretScan) -> String {
    let http = answer.status;
    match &answer.redirect {
        Some(Redirect::Inside) => {
            format!("{host} answered with a redirect to another page of its own (HTTP {http}): check api_version")
        }
        Some(Redirect::To(origin)) if !scan.is_in_text(origin) => format!(
            "{host} answered with a redirect to {origin} (HTTP {http}), which is not followed: \
             if that is the institute, use it; else a captive portal may stand in between"
        ),
        _ => format!("{host} answered with HTTP {http}, which is no answer of the API"),
    }
}

pub(super) fn attach(error: &mut Error, answer: &Answer, body: ErrorBody) {
    let details = error.details_mut();
    details.http_status = Some(answer.status);
    details.retry_after = answer.retry_after;
    details.server_code = body.code;
    details.server_message = body.message;
    details.server_body = body.text;
    details.request_sent = true;
}
