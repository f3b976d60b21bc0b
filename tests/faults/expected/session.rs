//! What sessions have to do with, at a single login: tests/session has the sessions.

use testpress::Status;

use super::login::{login, stage};

fn gives_another_token_each_time(fault: &str) {
    let stage = stage(fault);
    let (first, second) = (stage.log_in().succeeds(), stage.log_in().succeeds());
    assert_ne!(first.jwt(), second.jwt());
    assert_eq!(stage.server.posts(), 2);
}

#[test]
fn fault_another_each_time() {
    gives_another_token_each_time("another-each-time");
}

#[test]
fn fault_lives_2s() {
    gives_another_token_each_time("lives-2s");
}

#[test]
fn fault_lives_10s() {
    gives_another_token_each_time("lives-10s");
}

#[test]
fn fault_thinks_300ms() {
    login("thinks-300ms").succeeds_as_usual();
}

#[test]
fn fault_once_then_dead() {
    let stage = super::login::Stage::set("once-then-dead", std::time::Duration::from_secs(1), &[]);
    stage.log_in().succeeds();
    stage.log_in().times_out().sent().posts(2);
}

#[test]
fn fault_once_then_slow() {
    gives_another_token_each_time("once-then-slow");
}

#[test]
fn fault_dated_ahead() {
    gives_another_token_each_time("dated-ahead");
}

#[test]
fn fault_rejects_once() {
    let stage = stage("rejects-once");
    stage.log_in().fails(Status::Rejected).sent().posts(1);
    stage.log_in().succeeds();
}

#[test]
fn fault_once_then_500() {
    let stage = stage("once-then-500");
    stage.log_in().succeeds();
    stage.log_in().fails(Status::Server).sent().retryable(true).posts(2);
}

#[test]
fn fault_thinks_300ms_then_500() {
    login("thinks-300ms-then-500").fails(Status::Server).sent().retryable(true).posts(1);
}

#[test]
fn fault_password_changed() {
    let stage = stage("password-changed");
    stage.log_in().succeeds();
    stage.log_in().fails(Status::Rejected).sent().posts(2);
}

#[test]
fn fault_silent_then_ok() {
    let stage = super::login::Stage::set("silent-then-ok", std::time::Duration::from_secs(1), &[]);
    stage.log_in().times_out().sent().posts(1);
    stage.log_in().succeeds();
}
