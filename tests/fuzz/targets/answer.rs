#![no_main]
//! Whatever a server sends, byte for byte: a login ends at once, with a token that was in the answer, or with an error
//! that blames the server and repeats no secret.

use libfuzzer_sys::fuzz_target;
use testpress::{Config, Error, Status, Token};
use testpress_fuzz::{peer, secrets};

/// With characters that JSON escapes; in the middle, as a quote at its end could be that of a string.
const PASSWORD: &str = "hunter2 \"clé\"2";

fuzz_target!(|answer: &[u8]| {
    match peer::login(answer, &Config::new(), "testpress", PASSWORD).0 {
        Ok(token) => check_token(&token, answer),
        Err(error) => check_error(&error),
    }
});

fn check_token(token: &Token, answer: &[u8]) {
    let jwt = token.jwt();
    assert!((1..=8192).contains(&jwt.len()) && jwt.bytes().all(|byte| byte.is_ascii_graphic()), "{jwt:?}");
    assert_eq!(token.origin(), "http://localhost");
    // Empty lines before it are passed over.
    assert!(answer.trim_ascii_start().starts_with(b"HTTP/1."), "a token from something that is not HTTP");
    // An escape or the border of a chunk may stand in the middle of it.
    let plain = !contains(answer, b"\\") && !contains(&answer.to_ascii_lowercase(), b"chunked");
    assert!(!plain || contains(answer, jwt.as_bytes()), "a token that the answer does not have: {jwt:?}");
}

fn check_error(error: &Error) {
    assert!(error.request_sent() && error.message().contains("localhost"), "{error:?}");
    assert!(error.retry_after().is_none_or(|seconds| seconds <= 86_400), "{error:?}");
    assert!(error.server_body().is_none_or(|body| body.len() <= 8192), "{error:?}");
    match error.status() {
        Status::OutcomeUnknown => assert_eq!(error.http_status(), None),
        Status::BadResponse => {}
        Status::Server => assert!(error.http_status().is_some_and(|http| http >= 500)),
        Status::Rejected
        | Status::Locked
        | Status::TooManyDevices
        | Status::Throttled
        | Status::Forbidden
        | Status::NotFound
        | Status::BadRequest => assert!(error.http_status().is_some()),
        _ => panic!("no server can cause {error:?}"),
    }
    secrets::assert_told_by_no_text(error, PASSWORD);
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
