//! Logging in to the real institute of tests/institute: what it takes, what it gives, and each way it says no.

#![allow(missing_docs)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use testpress::{Client, Config, Error, Level, Status, Token};

/// One institute for all tests here. It stops by itself when this process ends and closes its standard input.
struct Institute {
    url: String,
    ca_file: String,
    _process: Child,
}

fn institute() -> &'static Institute {
    static INSTITUTE: OnceLock<Institute> = OnceLock::new();
    INSTITUTE.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/institute/run");
        let mut process = Command::new(script)
            .args(["sh", "-c", "echo \"$TESTPRESS_INSTITUTE $SSL_CERT_FILE\"; exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tests/institute/run starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped")).read_line(&mut line).expect("the institute answers");
        let (url, ca_file) = line.trim().split_once(' ').expect("its address and its CA");
        Institute { url: url.to_owned(), ca_file: ca_file.to_owned(), _process: process }
    })
}

fn client(options: &[(&str, &str)]) -> Client {
    let mut config = Config::new();
    config.set("ca_file", &institute().ca_file).unwrap();
    for (name, value) in options {
        config.set(name, value).unwrap();
    }
    Client::new(&institute().url, &config).unwrap()
}

fn login(username: &str, password: &str) -> Result<Token, Error> {
    client(&[]).login(username, password, None)
}

fn refused(username: &str, password: &str) -> Error {
    let error = login(username, password).unwrap_err();
    assert!(error.request_sent());
    assert!(!format!("{error:?} {error}").contains(password), "{error:?}");
    error
}

#[test]
fn every_documented_version_and_encoding() {
    for version in ["v2.2", "v2.3", "v2.5"] {
        for encoding in ["json", "multipart"] {
            let client = client(&[("api_version", version), ("login_encoding", encoding)]);
            let token = client.login("testpress", "demo", None).unwrap();
            assert_eq!(token.username(), Some("testpress"), "{version} {encoding}");
        }
    }
}

#[test]
fn the_token_tells_what_the_institute_put_in() {
    let token = login("testpress", "demo").unwrap();
    assert_eq!(token.auth_header(), format!("Authorization: JWT {}", token.jwt()));
    assert_eq!(token.jwt().split('.').count(), 3);
    assert_eq!(token.origin(), institute().url);
    assert_eq!(token.user_id(), Some(17));
    assert_eq!(token.email(), Some("testpress@example.com"));
    let left = token.expires_in().unwrap();
    assert!((86_400..=604_800).contains(&left), "{left}");
    assert!(token.claims().unwrap().contains("\"user_id\":17"));
}

#[test]
fn a_username_that_is_a_number() {
    assert_eq!(login("13956", "demo").unwrap().username(), Some("13956"));
}

#[test]
fn passwords_arrive_exactly_as_given_in_both_encodings() {
    for encoding in ["json", "multipart"] {
        let client = client(&[("login_encoding", encoding)]);
        for (username, password) in [("unicode", "clé-é-🔑"), ("quotes", r#"it's "50%" & \back\\slash"#)] {
            let result = client.login(username, password, None);
            assert!(result.is_ok(), "{encoding} {username}: {result:?}");
        }
    }
}

#[test]
fn wrong_unknown_and_inactive_look_the_same() {
    for (username, password) in [("testpress", "hunter2"), ("nobody", "hunter2"), ("inactive", "demo")] {
        let error = refused(username, password);
        assert_eq!(error.status(), Status::Rejected, "{username}");
        assert_eq!(error.http_status(), Some(400));
        assert_eq!(error.server_message(), Some("Unable to log in with provided credentials."));
        assert!(!error.retryable());
    }
}

#[test]
fn a_throttled_login_names_the_wait() {
    let client = client(&[]);
    let first = client.login("throttled", "demo", None);
    let error = client.login("throttled", "demo", None).expect_err("the second within a minute");
    assert!(first.is_ok(), "{first:?}");
    assert_eq!((error.status(), error.http_status()), (Status::Throttled, Some(429)));
    let wait = error.retry_after().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(error.retryable() && error.message().contains(&format!("{wait} s")), "{error}");
}

#[test]
fn the_vendors_codes_win_over_the_status() {
    for (username, status, code) in [
        ("locked", Status::Locked, "max_login_exceeded"),
        ("devices", Status::TooManyDevices, "parallel_login_restriction"),
        ("devices-nested", Status::TooManyDevices, "parallel_login_restriction"),
    ] {
        let error = refused(username, "demo");
        assert_eq!((error.status(), error.server_code()), (status, Some(code)), "{username}");
        assert!(error.server_message().is_some() && error.server_body().unwrap().contains(code));
    }
}

#[test]
fn a_broken_institute() {
    assert_eq!(refused("fault", "demo").status(), Status::Server);
    let error = client(&[("api_version", "v9.9")]).login("testpress", "demo", None).unwrap_err();
    assert_eq!((error.status(), error.http_status()), (Status::NotFound, Some(404)));
    assert!(error.message().contains("api_version"), "{error}");
}

#[test]
fn its_certificate_is_not_trusted_without_its_ca() {
    let stranger = testpress_faults::Server::start("ok");
    let mut config = Config::new();
    config.set("ca_file", stranger.ca_file().to_str().unwrap()).unwrap();
    let error = Client::new(&institute().url, &config).unwrap().login("testpress", "demo", None).unwrap_err();
    assert_eq!((error.status(), error.request_sent()), (Status::Tls, false));
    assert!(error.message().contains("not trusted") && error.message().contains("ca_file"), "{error}");
}

#[test]
fn logins_of_one_client_share_a_connection() {
    static MESSAGES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut config = Config::new();
    config.set("ca_file", &institute().ca_file).unwrap();
    config.set_log(Level::Debug, |_, message| MESSAGES.lock().unwrap().push(message.to_owned()));
    let client = Client::new(&institute().url, &config).unwrap();
    let tokens: Vec<Token> = (0..3).map(|_| client.login("testpress", "demo", None).unwrap()).collect();
    let messages = MESSAGES.lock().unwrap();
    assert_eq!(messages.iter().filter(|message| message.starts_with("connected to ")).count(), 1, "{messages:?}");
    assert_eq!(messages.iter().filter(|message| message.starts_with("logged in ")).count(), 3);
    for secret in tokens.iter().map(Token::jwt).chain(["demo\"", "testpress\""]) {
        assert!(messages.iter().all(|message| !message.contains(secret)));
    }
}

#[test]
fn many_threads_share_a_client() {
    let client = client(&[]);
    std::thread::scope(|scope| {
        let logins: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| client.login("testpress", "demo", None).map(|t| t.jwt().to_owned())))
            .collect();
        let tokens: std::collections::HashSet<String> =
            logins.into_iter().map(|login| login.join().unwrap().unwrap()).collect();
        assert_eq!(tokens.len(), 16, "each login has a token of its own");
    });
}
