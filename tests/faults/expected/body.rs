//! A body that is no JSON object with a token is said to be none, and why.

use super::login::{Failure, login};

fn bad(fault: &str) -> Failure {
    let failure = login(fault).gets_bad_response();
    failure.posts(1).connections(1);
    failure
}

#[test]
fn fault_no_content() {
    bad("no-content").http(204);
}

#[test]
fn fault_empty_body() {
    bad("empty-body").http(200).says("empty");
}

#[test]
fn fault_reset_content() {
    bad("reset-content").http(205);
}

#[test]
fn fault_captive_portal() {
    bad("captive-portal").http(200).says("captive portal");
}

#[test]
fn fault_captive_portal_as_json() {
    bad("captive-portal-as-json").http(200).says("captive portal");
}

#[test]
fn fault_gzip() {
    bad("gzip").says("content coding");
}

#[test]
fn fault_gzip_in_name_only() {
    bad("gzip-in-name-only").says("content coding");
}

#[test]
fn fault_coding_unknown() {
    bad("coding-unknown").says("content coding");
}

#[test]
fn fault_coding_identity() {
    login("coding-identity").succeeds_as_usual();
}

#[test]
fn fault_form_body() {
    bad("form-body").http(200);
}

#[test]
fn fault_body_of_64k() {
    login("body-of-64k").succeeds_as_usual();
}

#[test]
fn fault_body_over_64k() {
    bad("body-over-64k");
}

#[test]
fn fault_body_of_1m() {
    bad("body-of-1m");
}
