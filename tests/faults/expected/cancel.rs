//! A call that is cancelled ends within 150 ms, in whichever phase it is.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Config, Status};
use testpress_faults::{Counts, Server};

use super::login::{PASSWORD, USERNAME, longest_password};

const TOLERANCE: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(20);
/// A machine that is busy with something else may be late; a client that is late is late every time.
const ATTEMPTS: usize = 10;

fn client(server: &Server) -> Client {
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    Client::new(&server.origin(), &config).unwrap()
}

/// Cancels a login once the server has got so far; how long the call took to notice, and whether it may have been seen.
fn cancel_when(fault: &str, password: &str, ready: fn(Counts) -> bool) -> (Duration, bool) {
    let server = Server::start(fault);
    let client = client(&server);
    let call = Call::new(Some(LONG));
    let cancelled = Mutex::new(None);
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            assert!(server.wait_until(LONG, ready), "{fault} was not reached");
            *cancelled.lock().unwrap() = Some(Instant::now());
            call.cancel();
        });
        client.login(USERNAME, password, Some(&call))
    });
    let ended = Instant::now();
    let error = result.unwrap_err();
    assert_eq!(error.status(), Status::Cancelled, "{error:?}");
    assert!(!error.retryable());
    (ended - cancelled.lock().unwrap().unwrap(), error.request_sent())
}

fn is_cancelled_in_time(fault: &str, ready: fn(Counts) -> bool, sent: bool) {
    is_cancelled_in_time_with(fault, PASSWORD, ready, sent);
}

fn is_cancelled_in_time_with(fault: &str, password: &str, ready: fn(Counts) -> bool, sent: bool) {
    let mut delays = Vec::new();
    for _ in 0..ATTEMPTS {
        let (delay, request_sent) = cancel_when(fault, password, ready);
        assert_eq!(request_sent, sent, "{fault}");
        if delay <= TOLERANCE {
            return;
        }
        delays.push(delay);
    }
    panic!("{fault}: the call ended {delays:?} after it was cancelled");
}

#[test]
fn a_call_can_be_cancelled_while_connecting() {
    is_cancelled_in_time("connect-stalls", |_| true, false);
}

#[test]
fn a_call_can_be_cancelled_in_the_handshake() {
    for fault in ["accept-silent", "handshake-stalls", "handshake-drips"] {
        is_cancelled_in_time(fault, |counts| counts.connections > 0, false);
    }
}

#[test]
fn a_call_can_be_cancelled_amid_a_request_that_is_hardly_read() {
    is_cancelled_in_time_with("stops-reading", &longest_password(), |counts| counts.posts > 0, true);
}

#[test]
fn a_call_can_be_cancelled_while_waiting_for_the_answer() {
    for fault in ["silent-after-request", "silent-after-request-plain", "endless-continue"] {
        is_cancelled_in_time(fault, |counts| counts.requests > 0, true);
    }
}

#[test]
fn a_call_can_be_cancelled_amid_the_answer() {
    for fault in ["half-answer-then-silent", "drip", "endless-header-drip", "chunked-stalls"] {
        is_cancelled_in_time(fault, |counts| counts.requests > 0, true);
    }
}

#[test]
fn a_call_that_was_cancelled_before_asks_nobody() {
    let server = Server::start("ok");
    let call = Call::new(None);
    call.cancel();
    let error = client(&server).login(USERNAME, PASSWORD, Some(&call)).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled);
    assert!(!error.request_sent());
    assert_eq!(server.posts(), 0);
}
