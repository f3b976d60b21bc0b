//! However an answer is dragged out, the deadline is the end of it; and what is too long is left before that.

use super::login::{hurried_login, login};

#[test]
fn fault_drip() {
    hurried_login("drip").times_out().sent().posts(1);
}

#[test]
fn fault_drip_plain() {
    hurried_login("drip-plain").times_out().sent().posts(1);
}

#[test]
fn fault_drip_body() {
    hurried_login("drip-body").times_out().sent().posts(1);
}

#[test]
fn fault_slow_answer() {
    login("slow-answer").succeeds_as_usual();
}

#[test]
fn fault_slow_drip() {
    login("slow-drip").succeeds_as_usual();
}

#[test]
fn fault_endless_header_drip() {
    hurried_login("endless-header-drip").times_out().sent().posts(1);
}

#[test]
fn fault_endless_continue() {
    hurried_login("endless-continue").times_out().sent().posts(1);
}

#[test]
fn fault_endless_header() {
    login("endless-header").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_endless_header_line() {
    login("endless-header-line").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_endless_body() {
    login("endless-body").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_endless_chunks() {
    login("endless-chunks").gets_bad_response().posts(1).connections(1);
}
