//! A call that is cancelled ends within 150 ms, in whichever phase it is.

use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Config, Error, Level, Status};
use testpress_faults::{Counts, Server};

use super::login::{PASSWORD, USERNAME, ca_file, longest_password, proxy};

const TOLERANCE: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(20);
/// A machine that is busy with something else may be late; a client that is late is late every time.
const ATTEMPTS: usize = 10;

/// When to cancel.
#[derive(Clone, Copy)]
enum Moment {
    /// The server has got so far.
    Server(fn(Counts) -> bool),
    /// The client is about to connect: no server could tell.
    Connect,
}

fn client(server: &Server) -> Client {
    logging_client(server, |_| {})
}

fn logging_client(server: &Server, hear: impl Fn(&str) + Send + Sync + 'static) -> Client {
    let mut config = Config::new();
    config.set_log(Level::Debug, move |_, message| hear(message));
    config.set("ca_file", ca_file(server)).unwrap();
    config.set("proxy", &proxy(server)).unwrap();
    Client::new(&server.origin(), &config).unwrap()
}

/// Cancels a login at that moment; how long the call took to notice, and its error.
fn cancel_at(fault: &str, password: &str, moment: Moment) -> (Duration, Error) {
    let server = Server::start(fault);
    let (sender, connecting) = mpsc::channel();
    let client = logging_client(&server, move |message| {
        if message.starts_with("addresses of") {
            // Nobody waits for it at another moment.
            let _ = sender.send(());
        }
    });
    let call = Call::new(Some(LONG));
    let cancelled = Mutex::new(None);
    let result = thread::scope(|scope| {
        let (server, call, cancelled) = (&server, &call, &cancelled);
        scope.spawn(move || {
            let came = match moment {
                Moment::Server(ready) => server.wait_until(LONG, ready),
                Moment::Connect => connecting.recv_timeout(LONG).is_ok(),
            };
            assert!(came, "{fault} was not reached");
            *cancelled.lock().unwrap() = Some(Instant::now());
            call.cancel();
        });
        client.login(USERNAME, password, Some(call))
    });
    let ended = Instant::now();
    let error = result.unwrap_err();
    assert_eq!(error.status(), Status::Cancelled, "{error:?}");
    assert!(!error.retryable());
    (ended - cancelled.lock().unwrap().unwrap(), error)
}

fn is_cancelled_in_time(fault: &str, moment: Moment, phase: &str) {
    is_cancelled_in_time_with(fault, PASSWORD, moment, phase);
}

/// `phase` is what the error says of it.
fn is_cancelled_in_time_with(fault: &str, password: &str, moment: Moment, phase: &str) {
    let mut attempts = Vec::new();
    for _ in 0..ATTEMPTS {
        let (delay, error) = cancel_at(fault, password, moment);
        // Who tells the moment may be ahead of the client, which is then in the phase before.
        if delay <= TOLERANCE && error.message().contains(phase) {
            let sent = ["while sending", "while waiting", "while reading"].contains(&phase);
            assert_eq!(error.request_sent(), sent, "{fault}: {error:?}");
            return;
        }
        attempts.push((delay, error));
    }
    panic!("{fault}: {attempts:?}");
}

#[test]
fn a_call_can_be_cancelled_while_connecting() {
    for fault in ["connect-stalls", "proxy-connect-stalls"] {
        is_cancelled_in_time(fault, Moment::Connect, "while connecting");
    }
}

#[test]
fn a_call_can_be_cancelled_while_asking_a_proxy() {
    for fault in ["proxy-silent", "proxy-half-head-then-silent", "proxy-drip", "proxy-endless-interim"] {
        is_cancelled_in_time(fault, Moment::Server(|counts| counts.requests > 0), "while asking the proxy");
    }
}

#[test]
fn a_call_can_be_cancelled_in_the_handshake() {
    is_cancelled_in_time("handshake-drips", Moment::Server(|counts| counts.pieces > 2), "in the TLS handshake");
    for fault in ["accept-silent", "accept-deaf", "handshake-stalls"] {
        // In the handshake, or still about to begin it.
        is_cancelled_in_time(fault, Moment::Server(|counts| counts.connections > 0), "");
    }
}

#[test]
fn a_call_can_be_cancelled_amid_a_request_that_is_hardly_read() {
    for fault in ["stops-reading", "stops-reading-plain"] {
        let moment = Moment::Server(|counts| counts.posts > 0);
        is_cancelled_in_time_with(fault, &longest_password(), moment, "while sending");
    }
}

#[test]
fn a_call_can_be_cancelled_while_waiting_for_the_answer() {
    for fault in ["silent-after-request", "silent-after-request-plain"] {
        is_cancelled_in_time(fault, Moment::Server(|counts| counts.requests > 0), "while waiting");
    }
}

/// A piece is sent every 50 ms: by the third, the client has read the second.
#[test]
fn a_call_can_be_cancelled_amid_the_answers_head() {
    for fault in ["drip", "drip-plain", "endless-header-drip", "endless-continue"] {
        is_cancelled_in_time(fault, Moment::Server(|counts| counts.pieces > 2), "while reading");
    }
}

#[test]
fn a_call_can_be_cancelled_amid_the_answers_body() {
    is_cancelled_in_time("drip-body", Moment::Server(|counts| counts.pieces > 2), "while reading");
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
