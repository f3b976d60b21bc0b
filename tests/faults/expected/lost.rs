//! The answer is lost: nobody knows what the server did, so nothing is sent a second time.

use testpress::Status;

use super::login::{hurried_login, login, longest_password, stage};

/// Once the head is there, there is an answer, and what follows is cut short.
fn cut_short(fault: &str) {
    login(fault).gets_bad_response().retryable(true).http(200).posts(1).connections(1);
}

#[test]
fn fault_silent_after_tls() {
    hurried_login("silent-after-tls").times_out().sent().retryable(true).connections(1).no_answer();
}

#[test]
fn fault_stops_reading() {
    hurried_login("stops-reading").times_out().sent().connections(1).no_answer();
}

#[test]
fn fault_sips_request() {
    hurried_login("sips-request").times_out().sent().connections(1).no_answer();
}

#[test]
fn fault_stops_reading_plain() {
    hurried_login("stops-reading-plain").times_out().sent().connections(1).no_answer();
}

#[test]
fn fault_sips_request_plain() {
    hurried_login("sips-request-plain").times_out().sent().connections(1).no_answer();
}

#[test]
fn fault_silent_after_request() {
    hurried_login("silent-after-request").times_out().sent().posts(1).connections(1).no_answer();
}

#[test]
fn fault_silent_after_request_plain() {
    hurried_login("silent-after-request-plain").times_out().sent().posts(1).connections(1);
}

#[test]
fn fault_close_before_answer() {
    login("close-before-answer").loses_the_answer().posts(1).no_answer();
}

#[test]
fn fault_cut_before_answer() {
    login("cut-before-answer").loses_the_answer().posts(1).no_answer();
}

#[test]
fn fault_reset_before_answer() {
    login("reset-before-answer").loses_the_answer().posts(1).no_answer();
}

#[test]
fn fault_reset_before_answer_plain() {
    login("reset-before-answer-plain").loses_the_answer().posts(1);
}

#[test]
fn fault_reset_mid_request() {
    login("reset-mid-request").loses_the_answer().posts(1);
}

#[test]
fn a_reset_amid_a_long_request_leaves_its_outcome_unknown() {
    for fault in ["reset-mid-request", "reset-after-headers"] {
        let stage = stage(fault);
        let error = stage.client.login("ada", &longest_password(), None).unwrap_err();
        assert_eq!(error.status(), Status::OutcomeUnknown, "{error:?}");
        assert!(error.request_sent());
        assert_eq!(stage.server.connections(), 1);
    }
}

#[test]
fn fault_reset_after_headers() {
    login("reset-after-headers").loses_the_answer().posts(1);
}

#[test]
fn fault_half_head_then_silent() {
    hurried_login("half-head-then-silent").times_out().sent().posts(1);
}

#[test]
fn fault_half_head_then_close() {
    login("half-head-then-close").loses_the_answer().posts(1).no_answer();
}

#[test]
fn fault_half_head_then_reset() {
    login("half-head-then-reset").loses_the_answer().posts(1).no_answer();
}

#[test]
fn fault_half_answer_then_silent() {
    hurried_login("half-answer-then-silent").times_out().sent().posts(1);
}

#[test]
fn fault_half_answer_then_close() {
    cut_short("half-answer-then-close");
}

#[test]
fn fault_half_answer_then_reset() {
    cut_short("half-answer-then-reset");
}
