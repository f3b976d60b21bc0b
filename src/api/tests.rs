//! Each row of the table of answers, and what success takes.

use zeroize::Zeroizing;

use super::error_body::MAX_SHOWN_BODY;
use super::*;
use crate::config::Encoding;
use crate::error::{Error, Status};
use crate::http::{Answer, Body};
use crate::token::MAX_JWT;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        body: Zeroizing::new(body.as_bytes().to_vec()),
        unreadable: None,
        retry_after: None,
        date: None,
        redirect: None,
    }
}

fn encoded(encoding: Encoding, username: &str, password: &str) -> Body {
    login_body(encoding, username, password, || Ok(255)).unwrap()
}

fn error(status: u16, body: &str) -> Error {
    login_answer(&answer(status, body), "demo.testpress.in", "hunter2").unwrap_err()
}

#[test]
fn json_is_escaped_and_the_buffer_never_grows() {
    let body = encoded(Encoding::Json, "a\"b", "\u{1}\\é\n");
    assert_eq!(body.bytes.as_slice(), r#"{"username":"a\"b","password":"\u0001\\é\n"}"#.as_bytes());
    let worst = "\u{1}".repeat(1000);
    let body = encoded(Encoding::Json, &worst, &worst);
    assert!(body.bytes.len() <= 6 * 2000 + 64);
}

#[test]
fn multipart_sends_values_as_they_are() {
    let body = encoded(Encoding::Multipart, "u\"\r\n", "p&=%é");
    let boundary = "testpress-000000000000000000000000000000ff";
    assert_eq!(body.content_type, format!("multipart/form-data; boundary={boundary}"));
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nu\"\r\n\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\np&=%é\r\n--{boundary}--\r\n"
    );
    assert_eq!(body.bytes.as_slice(), expected.as_bytes());
}

#[test]
fn success_is_an_object_with_a_string_token() {
    for body in [r#"{"token":"abc"}"#, " {\"pk\":1,\"token\":\"a\\u0062c\",\"user\":{\"token\":\"x\"}}\n"] {
        assert_eq!(login_answer(&answer(201, body), "h", "hunter2").unwrap().as_str(), "abc");
    }
}

#[test]
fn anything_else_is_a_bad_response_that_repeats_no_token() {
    let long = format!(r#"{{"token":"{}"}}"#, "s".repeat(MAX_JWT + 1));
    let deep = format!(r#"{{"a":{}"#, "[".repeat(60_000));
    for body in [
        "",
        "<html>portal</html>",
        "[]",
        "\"s3cret\"",
        "\u{feff}{\"token\":\"s3cret\"}",
        "{}",
        r#"{"token":null}"#,
        r#"{"token":5}"#,
        r#"{"token":""}"#,
        r#"{"token":"s3cret token"}"#,
        r#"{"token":"s3cret\r\nX: y"}"#,
        r#"{"token":"s3crét"}"#,
        r#"{"token":"s3cret","token":"s3cret"}"#,
        r#"{"token":"s3cret""#,
        r#"{"token":"s3cret"} x"#,
        r#"{"token":["s3cret"]}"#,
        &long,
        &deep,
    ] {
        let error = error(200, body);
        assert_eq!(error.status(), Status::BadResponse, "{body:.60}");
        assert_eq!(error.http_status(), Some(200));
        assert!(!format!("{error:?}").contains("s3cr"), "{error:?}");
    }
}

#[test]
fn classified_by_status_shape_and_code() {
    use Status::*;
    let locked = r#"{"error_code":"max_login_exceeded","detail":"Gesperrt.","title":"x"}"#;
    let devices = r#"{"detail":{"error_code":"parallel_login_restriction","message":"Zu viele."}}"#;
    for (http, body, status) in [
        (400, r#"{"non_field_errors":["Die angegebenen Zugangsdaten stimmen nicht."]}"#, Rejected),
        (401, r#"{"detail":"x"}"#, Rejected),
        (400, r#"{"password":["This field is required."]}"#, BadRequest),
        (400, r#"{"detail":"JSON parse error - x"}"#, BadRequest),
        (415, r#"{"detail":"Unsupported media type"}"#, BadRequest),
        (403, r#"{"detail":"x"}"#, Forbidden),
        (404, "<h1>Not Found</h1>", NotFound),
        (429, "", Throttled),
        (500, "<h1>Server Error</h1>", Server),
        (503, "", Server),
        (301, "", BadResponse),
        (400, locked, Locked),
        (403, locked, Locked),
        (429, locked, Locked),
        (403, devices, TooManyDevices),
        (400, r#"{"error_code":"something_new","detail":"x"}"#, BadRequest),
    ] {
        assert_eq!(error(http, body).status(), status, "{http} {body}");
    }
}

#[test]
fn the_servers_own_words() {
    for (body, words) in [
        (r#"{"non_field_errors":["a","b"]}"#, Some("a")),
        (r#"{"detail":"a"}"#, Some("a")),
        (r#"{"detail":{"error_code":"c","message":"a"}}"#, Some("a")),
        (r#"{"error_code":"c","detail":"a","title":"t"}"#, Some("a")),
        (r#"{"error_code":"c","title":"t"}"#, Some("t")),
        (r#"{"password":["a"]}"#, Some("a")),
        (r#"{"detail":"a\u0000b"}"#, None),
        ("<html>", None),
    ] {
        assert_eq!(error(400, body).server_message(), words, "{body}");
    }
    let error = error(400, r#"{"detail":{"error_code":"c","message":"a"}}"#);
    assert_eq!(error.server_code(), Some("c"));
    assert_eq!(error.server_body(), Some(r#"{"detail":{"error_code":"c","message":"a"}}"#));
}

#[test]
fn a_known_code_wins_over_a_200() {
    let error = error(200, r#"{"error_code":"max_login_exceeded","detail":"x"}"#);
    assert_eq!((error.status(), error.server_message()), (Status::Locked, Some("x")));
}

#[test]
fn what_repeats_a_secret_is_not_repeated_again() {
    for body in [
        r#"{"non_field_errors":["x"],"data":{"password":"hunter2"}}"#,
        r#"{"non_field_errors":["no \u0068unter2"]}"#,
        r#"{"non_field_errors":["x"],"data":[{"hunter2":1}]}"#,
        r#"{"non_field_errors":["x"],"token":"s3cret"}"#,
    ] {
        let error = error(400, body);
        assert_eq!((error.status(), error.server_body(), error.server_message()), (Status::Rejected, None, None));
    }
    assert_eq!(error(302, r#"{"detail":"s3cret"}"#).server_body(), None);
}

#[test]
fn a_long_body_is_read_but_not_kept() {
    let body = format!(r#"{{"error_code":"max_login_exceeded","x":"{}"}}"#, "y".repeat(MAX_SHOWN_BODY));
    let error = error(400, &body);
    assert_eq!((error.status(), error.server_body()), (Status::Locked, None));
}
