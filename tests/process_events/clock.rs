//! The clock jumps a day amid a login, or is wrong by years. libfaketime makes it so, for the child alone.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use testpress::Status;
use testpress_faults::Server;

use super::alone::{self, Alone, World, beside};
use super::scratch::Scratch;

const A_DAY: Duration = Duration::from_secs(86_400);
const LONG: Duration = Duration::from_secs(20);

/// A clock that is as wrong as its file says: `-1d`.
struct Clock(Scratch);

impl Clock {
    fn new(test: &str, error: &str) -> Clock {
        let clock = Clock(Scratch::new(test));
        if !alone::is_child() {
            clock.set(error);
        }
        clock
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("clock")
    }

    /// In one step: it may be read at any moment.
    fn set(&self, error: &str) {
        let new = self.0.path().join("clock.new");
        fs::write(&new, error).expect("the target directory can be written");
        fs::rename(new, self.file()).expect("the target directory can be written");
    }

    /// Gives it to a child. Only what a user could set is wrong: nobody can set the monotonic clock.
    fn given_to(&self, child: Alone) -> Alone {
        self.0
            .given_to(child)
            .with("LD_PRELOAD", libfaketime())
            .with("FAKETIME_TIMESTAMP_FILE", self.file())
            .with("FAKETIME_NO_CACHE", "1")
            .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    }
}

fn libfaketime() -> PathBuf {
    let libraries = fs::read_dir("/usr/lib").expect("/usr/lib").flatten();
    let found = libraries.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists());
    found.expect("libfaketime is there: tests/packages test installs it")
}

/// How far the clock went while `call` ran, and how long that took.
fn clocked<T>(call: impl FnOnce() -> T) -> (T, Result<Duration, Duration>, Duration) {
    let (clock, start) = (SystemTime::now(), Instant::now());
    let result = call();
    let gone = SystemTime::now().duration_since(clock).map_err(|error| error.duration());
    (result, gone, start.elapsed())
}

/// A jump as soon as the server has the request.
fn jump(clock: &Clock, servers: &[Server], error: &str) {
    assert!(servers[0].wait_for_post(LONG), "no request");
    clock.set(error);
}

fn logs_in(world: &World) -> Result<Duration, Duration> {
    let client = world.client("slow-drip", &[]);
    let (result, gone, _) = clocked(|| client.login("ada", "word", None));
    assert_eq!(result.expect("a login").jwt(), testpress_faults::jwt::token());
    gone
}

#[test]
fn fault_process_clock_jumps_ahead() {
    let clock = Clock::new("clock-jumps-ahead", "+0d");
    let test = |world: &World| assert!(logs_in(world).expect("ahead") >= A_DAY);
    clock.given_to(beside(&["slow-drip"])).run_while(test, |servers, _| jump(&clock, servers, "+1d"));
}

#[test]
fn fault_process_clock_jumps_back() {
    let clock = Clock::new("clock-jumps-back", "+0d");
    let test = |world: &World| assert!(logs_in(world).expect_err("back") >= A_DAY - LONG);
    clock.given_to(beside(&["slow-drip"])).run_while(test, |servers, _| jump(&clock, servers, "-1d"));
}

/// A byte comes every 50 ms, so that there is an occasion to look at the clock.
fn is_left_at_the_deadline(world: &World) -> Result<Duration, Duration> {
    const TIMEOUT: Duration = Duration::from_secs(1);
    let client = world.client("drip", &[("timeout_ms", "1000")]);
    let (result, gone, elapsed) = clocked(|| client.login("ada", "word", None));
    assert_eq!(result.unwrap_err().status(), Status::Timeout);
    assert!((TIMEOUT..TIMEOUT + LONG).contains(&elapsed), "{elapsed:?}");
    gone
}

/// The deadline is not nearer for it.
#[test]
fn fault_process_clock_jumps_ahead_until_the_deadline() {
    let clock = Clock::new("clock-jumps-ahead-until", "+0d");
    let test = |world: &World| assert!(is_left_at_the_deadline(world).expect("ahead") >= A_DAY);
    let child = clock.given_to(beside(&["drip"]));
    child.run_while(test, |servers, _| jump(&clock, servers, "+1d"));
}

/// Nor farther.
#[test]
fn fault_process_clock_jumps_back_until_the_deadline() {
    let clock = Clock::new("clock-jumps-back-until", "+0d");
    let test = |world: &World| assert!(is_left_at_the_deadline(world).expect_err("back") >= A_DAY - LONG);
    let child = clock.given_to(beside(&["drip"]));
    child.run_while(test, |servers, _| jump(&clock, servers, "-1d"));
}

/// The message says whose fault it may be.
fn distrusts(world: &World, says: &str) {
    let error = world.client("ok", &[]).login("ada", "word", None).unwrap_err();
    assert_eq!(error.status(), Status::Tls, "{error:?}");
    assert!(error.message().contains(says) && error.message().contains("this machine's clock"), "{error:?}");
    assert!(!error.request_sent() && !error.retryable(), "{error:?}");
}

#[test]
fn fault_process_clock_years_behind() {
    let clock = Clock::new("clock-years-behind", "-30y");
    clock.given_to(beside(&["ok"])).run(|world| distrusts(world, "not valid before"));
}

#[test]
fn fault_process_clock_years_ahead() {
    let clock = Clock::new("clock-years-ahead", "+80y");
    clock.given_to(beside(&["ok"])).run(|world| distrusts(world, "expired"));
}
