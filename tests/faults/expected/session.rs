//! What sessions have to do with, at a single login: tests/session.rs has the sessions.

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
