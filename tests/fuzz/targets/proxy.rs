#![no_main]
//! The URL of a proxy: what is accepted has one host, and the credentials that it says; nothing repeats them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use testpress::Config;
use testpress::fuzzing::proxy;

const SECRET: &str = "hunter2";

fuzz_target!(|url: &str| {
    match proxy(url) {
        Ok(Some((shown, authorization))) => check(url, &shown, authorization.as_deref()),
        Ok(None) => assert!(matches!(url, "env" | "none")),
        Err(reason) => check_reason(&reason),
    }
    check_secret(url);
});

fn check(url: &str, shown: &str, authorization: Option<&str>) {
    assert_eq!(proxy(shown), Ok(Some((shown.to_owned(), None))), "a proxy is read as another one");
    let trimmed = url.trim_ascii();
    let rest = trimmed.split_once("://").map_or(trimmed, |(_, rest)| rest);
    let user = rest.rsplit_once('@').map(|(user, _)| user);
    assert_eq!(user.is_some(), authorization.is_some());
    let Some((user, authorization)) = user.zip(authorization) else { return };
    let encoded = authorization.strip_prefix("Basic ").expect("Basic");
    let credentials = STANDARD.decode(encoded).expect("base64");
    assert!(credentials.contains(&b':') && !credentials.iter().any(u8::is_ascii_control));
    if !user.contains('%') {
        let expected = if user.contains(':') { user.to_owned() } else { format!("{user}:") };
        assert_eq!(credentials, expected.as_bytes());
    }
    let mut config = Config::new();
    config.set("proxy", url).expect("what was accepted");
    assert!(!format!("{config:?}").contains(encoded), "credentials in the debug output");
}

fn check_reason(reason: &str) {
    assert!((1..200).contains(&reason.len()) && !reason.chars().any(char::is_control), "{reason:?}");
}

/// A password in the middle of it all. Where a URL is refused, nobody knows what in it is a password.
fn check_secret(url: &str) {
    let middle = (0..=url.len() / 2).rev().find(|&at| url.is_char_boundary(at)).unwrap_or_default();
    let url = format!("{}{SECRET}{}", &url[..middle], &url[middle..]);
    let mut config = Config::new();
    match config.set("proxy", &url).map(|_| ()) {
        Err(error) => assert!(!error.message().contains(SECRET), "{error}"),
        Ok(()) => {
            let in_host = proxy(&url).is_ok_and(|proxy| proxy.is_some_and(|(shown, _)| shown.contains(SECRET)));
            assert!(in_host || !format!("{config:?}").contains(SECRET), "{config:?}");
        }
    }
}
