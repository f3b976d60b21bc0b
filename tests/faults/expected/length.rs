//! An answer whose length is wrong, contradictory or absurd gives no token.

use super::login::{login, stage};

/// A part of the answer came, so there is an answer; the rest is missing, so there is no token.
fn cut(fault: &str) {
    let failure = login(fault).gets_bad_response();
    failure.retryable(true).http(200).posts(1).connections(1);
}

#[test]
fn fault_truncated_body() {
    cut("truncated-body");
}

#[test]
fn fault_truncated_body_cut() {
    cut("truncated-body-cut");
}

#[test]
fn fault_surplus_body() {
    let stage = stage("surplus-body");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
}

#[test]
fn fault_conflicting_lengths() {
    login("conflicting-lengths").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_length_and_chunked() {
    login("length-and-chunked").succeeds_as_usual();
}

#[test]
fn fault_length_negative() {
    login("length-negative").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_length_not_a_number() {
    login("length-not-a-number").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_length_absurd() {
    login("length-absurd").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_length_huge() {
    login("length-huge").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_until_close() {
    login("until-close").succeeds_as_usual();
}

#[test]
fn fault_until_close_cut() {
    cut("until-close-cut");
}

#[test]
fn fault_until_close_halved_cut() {
    cut("until-close-halved-cut");
}

#[test]
fn fault_until_close_halved_plain() {
    cut("until-close-halved-plain");
}

#[test]
fn fault_until_close_reset_plain() {
    cut("until-close-reset-plain");
}
