#![no_main]
//! Options: what is accepted is what the request is made of, what is refused changes nothing. The input is a list of
//! name=value, with the byte 0xff between them.

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use testpress::{Client, Config, OPTIONS, Status};
use testpress_fuzz::peer;

/// An option, and the header that has its value.
const HEADERS: [(&str, &str); 3] =
    [("user_agent", "user-agent"), ("device_uid", "x-device-uid"), ("device_type", "x-device-type")];
const ALWAYS: [&str; 4] = ["accept", "host", "content-type", "content-length"];

fuzz_target!(|input: &[u8]| {
    let mut config = Config::new();
    let mut accepted = BTreeMap::new();
    for pair in input.split(|&byte| byte == 0xff) {
        let pair = std::str::from_utf8(pair).ok().and_then(|pair| pair.split_once('='));
        let Some((name, value)) = pair else { continue };
        if set(&mut config, name, value) {
            accepted.insert(name, value);
        }
    }
    // No file is opened here whose name the fuzzer made up.
    if !accepted.keys().any(|name| name.ends_with("_file")) {
        assert_eq!(Client::new("http://localhost", &config).expect("accepted options").origin(), "http://localhost");
        check_request(&mut config, &accepted);
    }
});

fn set(config: &mut Config, name: &str, value: &str) -> bool {
    let before = config.clone();
    let Err(error) = config.set(name, value).map(|_| ()) else {
        assert!(OPTIONS.iter().any(|option| option.name == name), "{name:?} was accepted");
        return true;
    };
    assert_eq!(error.status(), Status::InvalidArgument);
    assert!(error.message().starts_with("option ") && error.message().len() < 1600, "{error:?}");
    assert!(!error.message().chars().any(char::is_control), "{error:?}");
    assert_eq!(format!("{config:?}"), format!("{before:?}"), "a refused value changed something");
    false
}

/// What a server sees of the options.
fn check_request(config: &mut Config, accepted: &BTreeMap<&str, &str>) {
    // A server that only hangs up is no reason to wait or to try again, and no deadline may come first.
    for (name, value) in [("timeout_ms", "60000"), ("connect_timeout_ms", "60000"), ("retries", "0")] {
        config.set(name, value).expect("a good value");
    }
    let (result, request) = peer::login(b"", config, "testpress", "demo");
    let status = result.expect_err("nobody answers").status();
    let proxy = accepted.get("proxy").is_some_and(|proxy| !matches!(*proxy, "env" | "none"));
    // Plain http goes through no proxy, unless it is allowed to leave this machine.
    if proxy && accepted.get("allow_http") == Some(&"true") {
        assert_eq!(status, Status::Proxy);
        assert!(request.starts_with(b"CONNECT localhost:80 HTTP/1.1\r\n") && request.ends_with(b"\r\n\r\n"));
        return;
    }
    assert_eq!(status, Status::OutcomeUnknown);
    let end = request.windows(4).position(|window| window == b"\r\n\r\n").expect("a request has a head");
    check_head(std::str::from_utf8(&request[..end]).expect("ASCII"), request.len() - end - 4, accepted);
}

fn check_head(head: &str, body_length: usize, accepted: &BTreeMap<&str, &str>) {
    let mut lines = head.split("\r\n");
    let version = accepted.get("api_version").unwrap_or(&"v2.5");
    assert_eq!(lines.next(), Some(&*format!("POST /api/{version}/auth-token/ HTTP/1.1")));
    let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").expect("a header")).collect();
    let all = |name: &str| headers.iter().filter(|header| header.0 == name).map(|header| header.1).collect::<Vec<_>>();
    for (option, header) in HEADERS {
        let default = OPTIONS.iter().find(|known| known.name == option).and_then(|known| known.default);
        let expected = accepted.get(option).copied().or(default);
        assert_eq!(all(header), expected.into_iter().collect::<Vec<_>>(), "{header}");
    }
    let multipart = accepted.get("login_encoding") == Some(&"multipart");
    let kind = if multipart { "multipart/form-data; boundary=" } else { "application/json" };
    assert!(matches!(all("content-type")[..], [value] if value.starts_with(kind)), "{headers:?}");
    assert_eq!(all("content-length"), [body_length.to_string()]);
    let other = |name: &str| !HEADERS.iter().any(|known| known.1 == name) && !ALWAYS.contains(&name);
    assert!(!headers.iter().any(|header| other(header.0)), "{headers:?}");
}
