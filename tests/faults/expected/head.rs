//! Heads that are wrong are no answer of the API; heads that are merely odd are put up with.

use super::login::{login, stage};

#[test]
fn fault_garbage_status_line() {
    login("garbage-status-line").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_no_status_line() {
    login("no-status-line").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_status_not_a_number() {
    login("status-not-a-number").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_status_999() {
    login("status-999").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_header_without_colon() {
    login("header-without-colon").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_header_with_nul() {
    login("header-with-nul").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_huge_headers() {
    login("huge-headers").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_thousand_headers() {
    login("thousand-headers").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_http_1_0() {
    let stage = stage("http-1-0");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
}

#[test]
fn fault_bare_line_feeds() {
    login("bare-line-feeds").succeeds_as_usual();
}

#[test]
fn fault_continue_first() {
    login("continue-first").succeeds_as_usual();
}

#[test]
fn fault_switching_protocols() {
    login("switching-protocols").gets_bad_response().posts(1).connections(1);
}
