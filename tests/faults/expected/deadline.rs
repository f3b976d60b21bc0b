//! A server that is silent, slow or endless is left within 100 ms of the deadline, in whichever phase it is.

use std::time::{Duration, Instant};

use testpress::Status;

use super::login::{Stage, longest_password};

const TIMEOUT: Duration = Duration::from_millis(400);
const TOLERANCE: Duration = Duration::from_millis(100);
/// A machine that is busy with something else may be late; a client that is late is late every time.
const ATTEMPTS: usize = 10;

/// `phase` is what the error says of it.
fn is_left_in_time(fault: &str, phase: &str) {
    is_left_in_time_with(fault, "word", phase);
}

fn is_left_in_time_with(fault: &str, password: &str, phase: &str) {
    let mut lateness = Vec::new();
    for _ in 0..ATTEMPTS {
        let stage = Stage::set(fault, TIMEOUT, &[]);
        let start = Instant::now();
        let error = stage.client.login("ada", password, None).unwrap_err();
        let late = start.elapsed().saturating_sub(TIMEOUT);
        assert_eq!(error.status(), Status::Timeout, "{fault}: {error:?}");
        assert!(error.message().contains(phase), "{fault}: {error:?}");
        if late <= TOLERANCE {
            return;
        }
        lateness.push(late);
    }
    panic!("{fault} was left {lateness:?} after the deadline");
}

#[test]
fn the_deadline_is_met_while_connecting() {
    is_left_in_time("connect-stalls", "while connecting");
}

#[test]
fn the_deadline_is_met_while_asking_a_proxy() {
    is_left_in_time("proxy-connect-stalls", "while connecting");
    for fault in ["proxy-silent", "proxy-half-head-then-silent", "proxy-drip", "proxy-endless-interim"] {
        is_left_in_time(fault, "while asking the proxy");
    }
}

#[test]
fn the_deadline_is_met_in_the_handshake() {
    for fault in ["accept-silent", "accept-deaf", "handshake-stalls", "handshake-drips", "proxy-tunnel-silent"] {
        is_left_in_time(fault, "in the TLS handshake");
    }
}

#[test]
fn the_deadline_is_met_amid_a_request_that_is_hardly_read() {
    for fault in ["stops-reading", "stops-reading-plain", "sips-request", "sips-request-plain"] {
        is_left_in_time_with(fault, &longest_password(), "while sending");
    }
}

#[test]
fn the_deadline_is_met_while_waiting_for_the_answer() {
    for fault in ["silent-after-tls", "silent-after-request", "silent-after-request-plain"] {
        is_left_in_time(fault, "while waiting for the answer");
    }
}

#[test]
fn the_deadline_is_met_amid_the_answers_head() {
    for fault in ["half-head-then-silent", "endless-continue", "endless-header-drip", "drip", "drip-plain"] {
        is_left_in_time(fault, "while reading the answer");
    }
}

#[test]
fn the_deadline_is_met_amid_the_answers_body() {
    for fault in ["half-answer-then-silent", "chunked-stalls", "drip-body"] {
        is_left_in_time(fault, "while reading the answer");
    }
}
