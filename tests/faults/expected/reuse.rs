//! A kept connection that died is replaced, by one resend at most; an answer that came early counts.

use std::rc::Rc;
use std::thread;

use testpress::Status;

use super::login::{SOON, Stage, login, longest_password, stage};

fn counts(stage: &Stage) -> (usize, usize) {
    (stage.server.connections(), stage.server.posts())
}

/// Logs in twice; both must work.
fn twice(fault: &str) -> Rc<Stage> {
    let stage = stage(fault);
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
    stage
}

/// The same, with the kept connection gone before the second login.
fn twice_with_a_pause(fault: &str) -> Rc<Stage> {
    let stage = stage(fault);
    stage.log_in().succeeds_as_usual();
    assert!(stage.server.wait_until(SOON, |counts| counts.finished > 0 || counts.open == 0), "it is still there");
    stage.log_in().succeeds_as_usual();
    stage
}

#[test]
fn fault_stale_keepalive() {
    assert_eq!(counts(&twice("stale-keepalive")), (2, 3), "the second login is sent once more");
}

#[test]
fn fault_stale_keepalive_reset() {
    assert_eq!(counts(&twice("stale-keepalive-reset")), (2, 3));
}

#[test]
fn many_threads_find_their_kept_connections_stale() {
    let stage = stage("stale-keepalive");
    let stage: &Stage = &stage;
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..8 {
                    let token = stage.client.login("ada", "word", None).expect("a login");
                    assert_eq!(token.jwt(), testpress_faults::jwt::token());
                }
            });
        }
    });
}

#[test]
fn fault_stale_keepalive_twice() {
    let stage = stage("stale-keepalive-twice");
    stage.log_in().succeeds_as_usual();
    stage.log_in().fails(Status::OutcomeUnknown).sent().posts(3).connections(2);
}

#[test]
fn fault_idle_close() {
    assert_eq!(counts(&twice_with_a_pause("idle-close")), (2, 2), "a connection that was closed is not tried");
}

#[test]
fn fault_idle_reset() {
    assert_eq!(counts(&twice_with_a_pause("idle-reset")), (2, 2));
}

#[test]
fn fault_half_answer_on_reuse() {
    let stage = stage("half-answer-on-reuse");
    stage.log_in().succeeds_as_usual();
    stage.log_in().loses_the_answer().posts(2);
}

#[test]
fn fault_answer_ahead() {
    twice("answer-ahead");
}

#[test]
fn fault_answer_ahead_2048() {
    twice("answer-ahead-2048");
}

#[test]
fn fault_stale_keepalive_late() {
    let stage = stage("stale-keepalive-late");
    stage.log_in().succeeds_as_usual();
    stage.log_in().fails(Status::OutcomeUnknown).sent().posts(2);
}

#[test]
fn fault_early_429() {
    login("early-429").fails(Status::Throttled).sent().http(429).retry_after(Some(60)).connections(1);
}

#[test]
fn an_early_answer_to_a_long_request_is_read() {
    let stage = stage("early-429");
    let error = stage.client.login("ada", &longest_password(), None).unwrap_err();
    assert_eq!(error.status(), Status::Throttled, "{error:?}");
    assert_eq!(error.retry_after(), Some(60));
}

#[test]
fn fault_early_413() {
    login("early-413").fails(Status::BadRequest).http(413).connections(1);
}
