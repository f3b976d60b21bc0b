#![no_main]
//! What a login makes of an answer that was read: a status, headers and a body. An input is a head without its first
//! words, an empty line, and the body:
//!
//!     403
//!     Retry-After: 60
//!
//!     {"error_code":"max_login_exceeded"}

use libfuzzer_sys::{Corpus, fuzz_target};
use testpress::{Error, Status};
use testpress_fuzz::secrets;

/// One with characters that JSON escapes (in its middle: a quote at the end could be that of a string), and a number.
const PASSWORDS: [&str; 2] = ["hunter2 \"clé\"2", "20231117"];

fuzz_target!(|input: &[u8]| -> Corpus { check(input).map_or(Corpus::Reject, |()| Corpus::Keep) });

fn check(input: &[u8]) -> Option<()> {
    let (head, body) = split(input, b"\n\n")?;
    let mut lines = head.split(|&byte| byte == b'\n');
    let status = std::str::from_utf8(lines.next()?).ok()?.parse().ok()?;
    let headers: Vec<(&[u8], &[u8])> = lines.filter_map(|line| split(line, b": ")).collect();
    for password in PASSWORDS {
        match testpress::fuzzing::login_answer(status, &headers, body, password)? {
            Ok(jwt) => assert!((200..300).contains(&status) && !jwt.is_empty()),
            Err(error) => check_error(&error, status, password),
        }
    }
    Some(())
}

fn check_error(error: &Error, http: u16, password: &str) {
    let status = error.status();
    assert_eq!(error.http_status(), Some(http));
    assert!(error.request_sent());
    assert!(error.retry_after().is_none_or(|seconds| seconds <= 86_400));
    let known = match error.server_code() {
        Some("max_login_exceeded") => Some(Status::Locked),
        Some("parallel_login_restriction") => Some(Status::TooManyDevices),
        _ => None,
    };
    match known {
        Some(known) => assert_eq!(status, known, "the code decides"),
        None => assert!(by_status(http).contains(&status), "{http} became {error:?}"),
    }
    let texts = [error.server_code(), error.server_message(), error.server_body()];
    assert!(texts.into_iter().flatten().all(|text| !text.is_empty() && !text.contains('\0')), "{error:?}");
    if let Some(body) = error.server_body() {
        assert!(body.len() <= 8192);
        assert!(serde_json::from_str::<serde_json::Value>(body).is_ok_and(|body| body.is_object()), "{body:?}");
    }
    secrets::assert_told_by_no_text(error, password);
}

/// What an answer may mean that has no code. A body that can't be read makes any but the clearest a bad response.
fn by_status(http: u16) -> &'static [Status] {
    match http {
        400 => &[Status::Rejected, Status::BadRequest, Status::BadResponse],
        401 => &[Status::Rejected, Status::BadResponse],
        403 => &[Status::Forbidden, Status::BadResponse],
        404 => &[Status::NotFound, Status::BadResponse],
        429 => &[Status::Throttled],
        402..500 => &[Status::BadRequest, Status::BadResponse],
        500..600 => &[Status::Server],
        _ => &[Status::BadResponse],
    }
}

fn split<'a>(text: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let index = text.windows(at.len()).position(|window| window == at)?;
    Some((&text[..index], &text[index + at.len()..]))
}
