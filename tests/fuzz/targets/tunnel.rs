#![no_main]
//! Whatever a proxy answers to CONNECT: the login goes on, or fails with an error that blames the proxy and repeats none
//! of its credentials.

use libfuzzer_sys::fuzz_target;
use testpress::{Config, Status};
use testpress_fuzz::{peer, secrets};

/// Plain http goes through no proxy, unless it is allowed to leave this machine.
const OPTIONS: [(&str, &str); 3] =
    [("proxy", "http://user:correct%20horse@proxy.example:3128"), ("allow_http", "true"), ("retries", "0")];
const PASSWORD: &str = "hunter2 \"clé\"2";
const AUTHORIZATION: &str = "Basic dXNlcjpjb3JyZWN0IGhvcnNl";
/// With more than this, what follows may be read when the tunnel is there, and be an answer.
const MAX_HEAD: usize = 8 * 1024;

fuzz_target!(|answer: &[u8]| {
    let mut config = Config::new();
    for (name, value) in OPTIONS {
        config.set(name, value).expect("a good value");
    }
    let (result, request) = peer::login(answer, &config, "testpress", PASSWORD);
    let request = String::from_utf8_lossy(&request);
    let (question, rest) = request.split_once("\r\n\r\n").expect("a question has a head");
    assert!(question.starts_with("CONNECT localhost:80 HTTP/1.1\r\n") && question.contains(AUTHORIZATION));
    assert!(!rest.contains(AUTHORIZATION), "the proxy's credentials went through the tunnel");
    let Err(error) = result else {
        assert!(answer.len() > MAX_HEAD, "an answer to what was not asked yet");
        return;
    };
    secrets::assert_told_by_no_text(&error, PASSWORD);
    let message = error.message();
    assert!(!message.contains("horse") && !message.contains("dXNlcjp"), "{message:?}");
    assert!(message.len() < 1000 && !message.chars().any(char::is_control), "{message:?}");
    match error.status() {
        Status::Proxy => {
            assert!(message.contains("proxy.example:3128") && rest.is_empty(), "{message:?}");
            assert!(!error.request_sent() && error.http_status().is_none(), "{error:?}");
        }
        Status::OutcomeUnknown => assert!(error.request_sent() && rest.starts_with("POST /api/v2.5/auth-token/ ")),
        Status::Internal | Status::Timeout | Status::InvalidArgument => panic!("no proxy can cause {error:?}"),
        _ => assert!(answer.len() > MAX_HEAD, "{error:?} from a tunnel without an answer"),
    }
});
