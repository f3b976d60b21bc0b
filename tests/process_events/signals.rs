//! Signals: a storm of them, one that ends programs, and those that stop and continue a process.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Error, Status, Token};
use testpress_faults::Server;

use super::alone::{World, beside};
use super::system::{self, Thread};

const EVERY: Duration = Duration::from_micros(50);
const TOLERANCE: Duration = Duration::from_millis(100);
/// A machine that is busy with something else may be late; a client that is late is late every time.
const ATTEMPTS: usize = 10;
const LONG: Duration = Duration::from_secs(20);

/// Runs `call` on this thread while another one interrupts it.
fn in_a_storm<T>(call: impl FnOnce() -> T) -> T {
    system::let_signals_interrupt();
    let (target, over) = (Thread::current(), AtomicBool::new(false));
    let before = system::INTERRUPTIONS.load(Ordering::Relaxed);
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                target.interrupt();
                thread::sleep(EVERY);
            }
        });
        let result = call();
        over.store(true, Ordering::Relaxed);
        result
    });
    let interruptions = system::INTERRUPTIONS.load(Ordering::Relaxed) - before;
    assert!(interruptions > 10, "{interruptions} signals are no storm");
    result
}

fn log_in(world: &World, fault: &str, timeout: Duration) -> (Result<Token, Error>, Duration) {
    let client = world.client(fault, &[("timeout_ms", &timeout.as_millis().to_string())]);
    let start = Instant::now();
    let result = client.login("ada", "word", None);
    (result, start.elapsed())
}

#[test]
fn fault_process_signals_amid_a_login() {
    beside(&["slow-drip"]).run(|world| {
        let (result, _) = in_a_storm(|| log_in(world, "slow-drip", LONG));
        assert_eq!(result.expect("a login").jwt(), testpress_faults::jwt::token());
    });
}

#[test]
fn fault_process_signals_until_the_deadline() {
    const TIMEOUT: Duration = Duration::from_millis(400);
    beside(&["handshake-stalls", "silent-after-request", "drip"]).run(|world| {
        for fault in ["handshake-stalls", "silent-after-request", "drip"] {
            let late = (0..ATTEMPTS).map(|_| {
                let (result, elapsed) = in_a_storm(|| log_in(world, fault, TIMEOUT));
                assert_eq!(result.unwrap_err().status(), Status::Timeout);
                elapsed.checked_sub(TIMEOUT).expect("not before the deadline")
            });
            assert!(late.into_iter().any(|late| late <= TOLERANCE), "{fault} was left late every time");
        }
    });
}

/// In a C program that knows nothing of it, SIGPIPE ends the process.
#[test]
fn fault_process_sigpipe() {
    const FAULTS: &[&str] = &["reset-mid-request", "reset-after-headers", "close-on-accept", "stale-keepalive-reset"];
    beside(FAULTS).run(|world| {
        system::default_disposition(system::SIGPIPE);
        let long = "\u{1}".repeat(64 * 1024);
        for fault in FAULTS {
            for password in ["word", &long] {
                let client = world.client(fault, &[]);
                for _ in 0..2 {
                    let failed_well =
                        |error: Error| [Status::OutcomeUnknown, Status::Tls, Status::Connect].contains(&error.status());
                    assert!(client.login("ada", password, None).map_or_else(failed_well, |_| true), "{fault}");
                }
            }
        }
    });
}

/// Whether no thread of a process runs.
fn is_asleep(process: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("procfs").flatten();
    let states = threads.filter_map(|thread| fs::read_to_string(thread.path().join("stat")).ok());
    // The state stands behind the name, which is in parentheses.
    states.into_iter().all(|stat| stat.rsplit(") ").next().is_none_or(|rest| !rest.starts_with('R')))
}

/// Stops the child for so long, once the server has its request and it waits for the answer.
fn stop(servers: &[Server], child: u32, duration: Duration) {
    assert!(servers[0].wait_for_post(LONG), "no request");
    while !is_asleep(child) {
        thread::yield_now();
    }
    system::kill(child, system::SIGSTOP);
    thread::sleep(duration);
    system::kill(child, system::SIGCONT);
}

const STOPPED: Duration = Duration::from_secs(2);

#[test]
fn fault_process_stopped_amid_a_login() {
    let test = |world: &World| {
        let (result, elapsed) = log_in(world, "slow-drip", LONG);
        assert_eq!(result.expect("a login").jwt(), testpress_faults::jwt::token());
        assert!(elapsed >= STOPPED, "stopped amid the login: {elapsed:?}");
    };
    beside(&["slow-drip"]).run_while(test, |servers, child| stop(servers, child, STOPPED));
}

/// The time that a process is stopped counts.
#[test]
fn fault_process_stopped_until_the_deadline() {
    let test = |world: &World| {
        let timeout = STOPPED * 3 / 4;
        let (result, elapsed) = log_in(world, "silent-after-request", timeout);
        assert_eq!(result.unwrap_err().status(), Status::Timeout);
        // At once, and not after what was left of the timeout when it was stopped.
        assert!((STOPPED..STOPPED + timeout / 2).contains(&elapsed), "{elapsed:?}");
    };
    beside(&["silent-after-request"]).run_while(test, |servers, child| stop(servers, child, STOPPED));
}
