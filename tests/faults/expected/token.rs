//! A token is a string of visible ASCII of at most 8 KiB; nothing else goes into a header.

use super::login::login;

fn bad(fault: &str) {
    login(fault).gets_bad_response().http(200).says("token").posts(1).connections(1);
}

#[test]
fn fault_token_missing() {
    bad("token-missing");
}

#[test]
fn fault_token_in_other_case() {
    bad("token-in-other-case");
}

#[test]
fn fault_token_nested() {
    bad("token-nested");
}

#[test]
fn fault_token_empty() {
    bad("token-empty");
}

#[test]
fn fault_token_null() {
    bad("token-null");
}

#[test]
fn fault_token_number() {
    bad("token-number");
}

#[test]
fn fault_token_boolean() {
    bad("token-boolean");
}

#[test]
fn fault_token_object() {
    bad("token-object");
}

#[test]
fn fault_token_list() {
    bad("token-list");
}

#[test]
fn fault_token_with_crlf() {
    bad("token-with-crlf");
}

#[test]
fn fault_token_with_line_feed() {
    bad("token-with-line-feed");
}

#[test]
fn fault_token_with_nul() {
    bad("token-with-nul");
}

#[test]
fn fault_token_with_tab() {
    bad("token-with-tab");
}

#[test]
fn fault_token_with_delete() {
    bad("token-with-delete");
}

#[test]
fn fault_token_with_space() {
    bad("token-with-space");
}

#[test]
fn fault_token_non_ascii() {
    bad("token-non-ascii");
}

#[test]
fn fault_token_over_8k() {
    bad("token-over-8k");
}

#[test]
fn fault_token_of_60k() {
    bad("token-of-60k");
}

#[test]
fn fault_token_of_8k() {
    let token = login("token-of-8k").succeeds();
    assert_eq!(token.jwt().len(), 8192);
    assert_eq!(token.user_id(), Some(17));
}

#[test]
fn fault_token_invalid_utf8() {
    login("token-invalid-utf8").gets_bad_response().http(200).says("JSON").posts(1);
}

#[test]
fn fault_token_no_jwt() {
    let token = login("token-no-jwt").succeeds();
    assert_eq!(token.auth_header(), "Authorization: JWT abc");
    assert_eq!((token.expires_at(), token.username(), token.user_id()), (None, None, None));
    assert_eq!(token.claims(), None);
}

#[test]
fn fault_token_all_ascii() {
    let token = login("token-all-ascii").succeeds();
    assert!(token.jwt().bytes().eq(b'!'..=b'~'));
}
