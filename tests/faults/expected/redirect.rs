//! No redirect is followed, wherever it points: the error names the origin that it points at, and no more.

use super::login::{Failure, login};

fn not_followed(fault: &str) -> Failure {
    let failure = login(fault).gets_bad_response();
    failure.retryable(false).posts(1).connections(1).never_says("login?back").never_says("/api/");
    failure
}

#[test]
fn fault_redirect_301_other_host() {
    not_followed("redirect-301-other-host").bystander_untouched();
}

#[test]
fn fault_redirect_302_other_host() {
    not_followed("redirect-302-other-host").bystander_untouched();
}

#[test]
fn fault_redirect_303_other_host() {
    not_followed("redirect-303-other-host").bystander_untouched();
}

#[test]
fn fault_redirect_307_other_host() {
    not_followed("redirect-307-other-host").bystander_untouched();
}

#[test]
fn fault_redirect_308_other_host() {
    not_followed("redirect-308-other-host").bystander_untouched();
}

#[test]
fn fault_redirect_301_to_http() {
    not_followed("redirect-301-to-http").bystander_untouched();
}

#[test]
fn fault_redirect_307_to_http() {
    not_followed("redirect-307-to-http").bystander_untouched();
}

#[test]
fn fault_redirect_302_captive_portal() {
    not_followed("redirect-302-captive-portal").http(302).says("http://portal.example");
}

#[test]
fn fault_redirect_301_slash() {
    not_followed("redirect-301-slash").http(301);
}

#[test]
fn fault_redirect_protocol_relative() {
    not_followed("redirect-protocol-relative").says("portal.example");
}

#[test]
fn fault_redirect_without_location() {
    not_followed("redirect-without-location");
}

#[test]
fn fault_redirect_empty_location() {
    not_followed("redirect-empty-location");
}

#[test]
fn fault_redirect_odd_location() {
    not_followed("redirect-odd-location");
}

#[test]
fn fault_redirect_with_secrets() {
    let failure = not_followed("redirect-with-secrets");
    failure.says("https://portal.example").never_says("hunter2").never_says("intruder");
}

#[test]
fn fault_redirect_javascript() {
    not_followed("redirect-javascript").never_says("document.cookie");
}

#[test]
fn fault_multiple_choices() {
    not_followed("multiple-choices");
}

#[test]
fn fault_not_modified() {
    not_followed("not-modified");
}
