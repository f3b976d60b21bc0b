//! No connection: nothing was sent, so it is tried again, and the same call may work later.

use std::time::{Duration, Instant};

use testpress::Status;

use super::login::{Stage, hurried_login, login, stage};

#[test]
fn fault_dead_port() {
    login("dead-port").fails(Status::Connect).unsent().retryable(true).no_answer().says("refused");
}

#[test]
fn fault_connect_stalls() {
    hurried_login("connect-stalls").times_out().unsent().retryable(true);
}

#[test]
fn a_connect_timeout_ends_a_stalled_connect_before_the_deadline() {
    let start = Instant::now();
    let options = [("connect_timeout_ms", "300"), ("retries", "0")];
    let stage = Stage::set("connect-stalls", Duration::from_secs(20), &options);
    let error = stage.client.login("ada", "word", None).unwrap_err();
    assert!((Duration::from_millis(299)..Duration::from_secs(10)).contains(&start.elapsed()));
    assert!([Status::Connect, Status::Timeout].contains(&error.status()), "{error:?}");
    assert!(error.message().contains("connect_timeout_ms"), "{error:?}");
    assert!(error.retryable() && !error.request_sent(), "{error:?}");
}

#[test]
fn retries_end_with_the_deadline() {
    let stage = Stage::set("dead-port", Duration::from_millis(500), &[("retries", "10")]);
    let start = Instant::now();
    let error = stage.client.login("ada", "word", None).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!([Status::Connect, Status::Timeout].contains(&error.status()), "{error:?}");
}

#[test]
fn fault_accept_silent() {
    hurried_login("accept-silent").times_out().unsent().retryable(true);
}

#[test]
fn fault_accept_deaf() {
    hurried_login("accept-deaf").times_out().unsent().retryable(true);
}

#[test]
fn fault_close_on_accept() {
    login("close-on-accept").fails_as_one_of(&[Status::Tls, Status::Connect]).unsent().connections(3);
}

#[test]
fn fault_reset_on_accept() {
    login("reset-on-accept").fails_as_one_of(&[Status::Tls, Status::Connect]).unsent().connections(3);
}

#[test]
fn fault_refuses_twice() {
    let stage = stage("refuses-twice");
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (3, 1));
}
