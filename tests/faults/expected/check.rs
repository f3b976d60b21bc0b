//! What must hold of every login, whatever came of it.

use std::time::Duration;

use testpress::{Error, Status};
use testpress_faults::Server;

use super::login::{PASSWORD, USERNAME};

/// A part of the password that is the same in every spelling.
const PASSWORD_PART: &str = "0815";
/// The same of the passwords in proxies' URLs.
const PROXY_PASSWORD_PART: &str = "pr0xy";
/// The beginning of what the header has for them.
const PROXY_BASIC_PART: &str = "Y29ycDpw";

/// How late a call may be where lateness is not the subject.
const LATE: Duration = Duration::from_secs(10);

/// Only the deadline takes as long as the deadline.
pub fn time(error: &Error, elapsed: Duration, timeout: Duration) {
    if error.status() == Status::Timeout {
        // Clocks are read at two places; a millisecond is theirs.
        assert!(elapsed + Duration::from_millis(1) >= timeout, "too early: {elapsed:?}");
        assert!(elapsed < timeout + LATE, "too late: {elapsed:?}");
    } else {
        assert!(elapsed < timeout, "{:?} took {elapsed:?}", error.status());
    }
}

/// Every text that an error has, looked through for what must be in none.
pub fn secrets(error: &Error) {
    let texts = [
        format!("{error:?} {error:#?} {error}"),
        error.message().to_owned(),
        error.server_body().unwrap_or_default().to_owned(),
        error.server_message().unwrap_or_default().to_owned(),
    ];
    // Every token of the bad server begins like a JWT.
    for secret in [PASSWORD, PASSWORD_PART, USERNAME, "eyJ", PROXY_PASSWORD_PART, PROXY_BASIC_PART] {
        assert!(texts.iter().all(|text| !text.contains(secret)), "{secret:?} is in {texts:?}");
    }
}

/// One line for the developer, that names the institute.
pub fn message(error: &Error) {
    let message = error.message();
    assert_eq!(error.to_string(), message);
    assert!(!message.chars().any(char::is_control), "{message:?}");
    let hosts = ["localhost", "127.0.0.1", "institute.test"];
    assert!(hosts.iter().any(|host| message.contains(host)), "no host in {message:?}");
}

/// Nothing that a proxy can read is for the institute alone. Each is too long to be there by chance: what goes through
/// a tunnel looks random.
pub fn tunnel(server: &Server) {
    let overheard = server.overheard();
    let overheard = String::from_utf8_lossy(&overheard);
    for secret in ["POST /api/", "auth-token", USERNAME, "wörd"] {
        assert!(!overheard.contains(secret), "{secret:?} is in {overheard:?}");
    }
}
