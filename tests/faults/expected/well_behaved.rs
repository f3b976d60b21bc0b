//! What a login sends, and what it puts up with.

use super::login::{PASSWORD, USERNAME, login, stage};

#[test]
fn fault_ok() {
    let stage = stage("ok");
    let token = stage.log_in().succeeds_as_usual();
    assert_eq!(token.origin(), stage.server.origin());
    assert_eq!(token.username(), Some("ada"));
    assert_eq!(token.user_id(), Some(17));
    assert_eq!(token.expires_at(), Some(4102444800));
    assert_eq!(token.claims(), Some(testpress_faults::jwt::CLAIMS));
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (1, 2), "the connection is kept");
}

#[test]
fn a_login_sends_this_and_no_more() {
    let stage = stage("ok");
    stage.log_in().succeeds();
    let request = &stage.server.requests()[0];
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/api/v2.5/auth-token/");
    assert_eq!(request.header("Host"), stage.server.origin().strip_prefix("https://"));
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    let agent = format!("libtestpress/{}", testpress::VERSION);
    assert_eq!(request.header("User-Agent"), Some(agent.as_str()));
    for once in ["Host", "Content-Type", "Content-Length", "User-Agent"] {
        assert_eq!(request.count(once), 1, "{once}");
    }
    for never in ["Authorization", "Cookie", "Expect", "Accept-Encoding", "Transfer-Encoding", "Referer"] {
        assert_eq!(request.count(never), 0, "{never}: {:?}", request.header(never));
    }
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, serde_json::json!({"username": USERNAME, "password": PASSWORD}));
}

#[test]
fn fault_ok_plain() {
    let stage = stage("ok-plain");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (1, 2));
}

#[test]
fn fault_ok_tls12() {
    let stage = stage("ok-tls12");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (1, 2));
}

#[test]
fn fault_ok_close() {
    let stage = stage("ok-close");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (2, 2));
}

#[test]
fn fault_ok_201() {
    login("ok-201").succeeds_as_usual();
}

#[test]
fn fault_ok_extra_fields() {
    login("ok-extra-fields").succeeds_as_usual();
}

#[test]
fn fault_ok_wide_json() {
    login("ok-wide-json").succeeds_as_usual();
}

#[test]
fn fault_ok_escaped_json() {
    login("ok-escaped-json").succeeds_as_usual();
}

#[test]
fn fault_ok_other_content_type() {
    login("ok-other-content-type").succeeds_as_usual();
}

#[test]
fn fault_ok_no_content_type() {
    login("ok-no-content-type").succeeds_as_usual();
}

#[test]
fn fault_ok_many_headers() {
    login("ok-many-headers").succeeds_as_usual();
}
