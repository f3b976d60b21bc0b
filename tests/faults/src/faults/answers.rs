//! What real servers say when they refuse a login or fail.

use std::time::{Duration, SystemTime};

use crate::answer::Answer;
use crate::fault::{Fault, answer, script};
use crate::verdict::{BAD_REQUEST, FORBIDDEN, LOCKED, NOT_FOUND, REJECTED, SERVER, THROTTLED, TOO_MANY_DEVICES};

pub(super) const FAULTS: &[Fault] = &[
    answer("rejected", "400: wrong password or unknown user", REJECTED, rejected),
    answer("rejected-disabled", "400: the account is disabled", REJECTED, || {
        bad(r#"{"non_field_errors":["User account is disabled."]}"#)
    }),
    answer("rejected-localised", "400: wrong password, in German", REJECTED, || {
        bad(r#"{"non_field_errors":["Die angegebenen Zugangsdaten stimmen nicht für diese Prüfung."]}"#)
            .header("Content-Language", "de")
    }),
    answer("rejected-401", "401 with a detail, at a login", REJECTED, || {
        Answer::json(401, r#"{"detail":"Invalid username/password."}"#).header("WWW-Authenticate", r#"JWT realm="api""#)
    }),
    answer("rejected-401-html", "401 with a page: a proxy or a test site asks for its own password", REJECTED, || {
        Answer::html(401, "Authorization Required").header("WWW-Authenticate", r#"Basic realm="staging""#)
    }),
    answer("field-required", "400: the password is required", BAD_REQUEST, || {
        bad(r#"{"password":["This field is required."]}"#)
    }),
    answer("field-blank", "400: the password may not be blank", BAD_REQUEST, || {
        bad(r#"{"password":["This field may not be blank."]}"#)
    }),
    answer("field-null", "400: the username may not be null", BAD_REQUEST, || {
        bad(r#"{"username":["This field may not be null."]}"#)
    }),
    answer("field-type", "400: both fields are of a wrong type", BAD_REQUEST, || {
        bad(r#"{"username":["Not a valid string."],"password":["Null characters are not allowed."]}"#)
    }),
    answer("field-provider", "400: errors under the fields of a social login", BAD_REQUEST, || {
        bad(r#"{"provider":["This field is required."],"access_token":["This field is required."]}"#)
    }),
    answer("parse-error", "400: the server could not read our JSON", BAD_REQUEST, || {
        bad(r#"{"detail":"JSON parse error - Expecting value: line 1 column 1 (char 0)"}"#)
    }),
    answer("bad-request-html", "400 with a page", BAD_REQUEST, || Answer::html(400, "Bad Request")),
    answer("bad-request-empty", "400 with no body at all", BAD_REQUEST, || Answer::json(400, "")),
    answer("bad-request-list", "400 with a JSON array", BAD_REQUEST, || bad(r#"["Something went wrong."]"#)),
    answer("bad-request-huge", "400 with 60,000 bytes of field errors", BAD_REQUEST, || {
        bad(format!(r#"{{"password":["{}"]}}"#, "é".repeat(30_000)))
    }),
    script("echoes-request", "400 that repeats the whole request, password included", BAD_REQUEST, |c| {
        let body = c.read_request()?.body;
        let text = String::from_utf8_lossy(&body).replace('\\', r"\\").replace('"', r#"\""#);
        c.answer(&bad(format!(r#"{{"detail":"Could not process {text}"}}"#)))?;
        c.serve(|| bad("{}"))
    }),
    answer("forbidden", "403 with a detail", FORBIDDEN, || {
        Answer::json(403, r#"{"detail":"You do not have permission to perform this action."}"#)
    }),
    answer("forbidden-html", "403 with a page, as a firewall gives it", FORBIDDEN, || {
        Answer::html(403, "403 Forbidden")
    }),
    answer("not-found-html", "404 with a page: no such institute or version", NOT_FOUND, || {
        Answer::html(404, "Not Found")
    }),
    answer("method-not-allowed", "405 with a detail", BAD_REQUEST, || {
        Answer::json(405, r#"{"detail":"Method \"POST\" not allowed."}"#)
    }),
    answer("unsupported-media-type", "415: the server does not take JSON", BAD_REQUEST, || {
        Answer::json(415, r#"{"detail":"Unsupported media type \"application/json\" in request."}"#)
    }),
    answer("teapot", "418 with nothing to say", BAD_REQUEST, || Answer::json(418, "{}")),
    answer("throttled", "429 with Retry-After: 60", THROTTLED, throttled),
    answer("throttled-without-wait", "429 without Retry-After", THROTTLED, || {
        Answer::json(429, r#"{"detail":"Request was throttled."}"#)
    }),
    answer("throttled-zero", "429 with Retry-After: 0", THROTTLED, || {
        Answer::json(429, r#"{"detail":"Request was throttled."}"#).header("Retry-After", "0")
    }),
    answer("throttled-until-date", "429 with a Retry-After that is a date two minutes ahead", THROTTLED, || {
        Answer::json(429, r#"{"detail":"Request was throttled."}"#).header("Retry-After", &in_two_minutes())
    }),
    answer("throttled-until-past", "429 with a Retry-After that is a date long ago", THROTTLED, || {
        Answer::json(429, "{}").header("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")
    }),
    answer("throttled-garbage", "429 with a Retry-After of \"soon\"", THROTTLED, || {
        Answer::json(429, "{}").header("Retry-After", "soon")
    }),
    answer("throttled-negative", "429 with a Retry-After of -5", THROTTLED, || {
        Answer::json(429, "{}").header("Retry-After", "-5")
    }),
    answer("throttled-absurd", "429 with a Retry-After of more than 64 bits", THROTTLED, || {
        Answer::json(429, "{}").header("Retry-After", "99999999999999999999999")
    }),
    answer("throttled-html", "429 with a page and a Retry-After of 30", THROTTLED, || {
        Answer::html(429, "Too Many Requests").header("Retry-After", "30")
    }),
    answer("server-error-html", "500 with a page", SERVER, failed),
    answer("server-error-json", "500 with a detail", SERVER, || {
        Answer::json(500, r#"{"detail":"Internal server error."}"#)
    }),
    answer("server-error-empty", "500 with no body at all", SERVER, || Answer::json(500, "")),
    answer("bad-gateway", "502 with a page", SERVER, || Answer::html(502, "502 Bad Gateway")),
    answer("unavailable", "503 with a page and Retry-After: 120", SERVER, || {
        Answer::html(503, "Down for maintenance").header("Retry-After", "120")
    }),
    answer("gateway-timeout", "504 with a page", SERVER, || Answer::html(504, "504 Gateway Time-out")),
    answer("locked", "423: too many wrong passwords", LOCKED, || Answer::json(423, LOCKED_OUT)),
    answer("locked-400", "400: too many wrong passwords", LOCKED, || bad(LOCKED_OUT)),
    answer("locked-403", "403: too many wrong passwords", LOCKED, || Answer::json(403, LOCKED_OUT)),
    answer("too-many-devices", "400: logged in on too many devices", TOO_MANY_DEVICES, || {
        bad(r#"{"error_code":"parallel_login_restriction","detail":"You are logged in on 2 devices.","title":"Limit"}"#)
    }),
    answer("too-many-devices-nested", "403: the same, a level deeper", TOO_MANY_DEVICES, || {
        Answer::json(
            403,
            r#"{"detail":{"error_code":"parallel_login_restriction","message":"You are logged in on 2 devices."}}"#,
        )
    }),
    answer("error-code-unknown", "400 with an error_code that nobody knows", BAD_REQUEST, || {
        bad(r#"{"error_code":"moon_phase","detail":"Come back at full moon."}"#)
    }),
    answer("error-code-number", "400 with a number as error_code", REJECTED, || {
        bad(r#"{"error_code":42,"non_field_errors":["No."]}"#)
    }),
    answer("error-code-under-200", "200 with an error_code and no token", LOCKED, || Answer::json(200, LOCKED_OUT)),
];

const LOCKED_OUT: &str =
    r#"{"error_code":"max_login_exceeded","detail":"Try again in 15 minutes.","title":"Locked out"}"#;

/// 429, as Django REST framework words it.
pub(super) fn throttled() -> Answer {
    Answer::json(429, r#"{"detail":"Request was throttled. Expected available in 60 seconds."}"#)
        .header("Retry-After", "60")
}

pub(super) fn rejected() -> Answer {
    bad(r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#)
}

pub(super) fn failed() -> Answer {
    Answer::html(500, "Server Error (500)")
}

fn bad(body: impl Into<Vec<u8>>) -> Answer {
    Answer::json(400, body)
}

fn in_two_minutes() -> String {
    httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(120))
}
