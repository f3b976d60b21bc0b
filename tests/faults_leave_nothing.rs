//! Whatever a server does to it, a client that is gone has left no thread and no descriptor.
//!
//! One test in a program of its own: it counts what the whole process holds.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Client, Config};
use testpress_faults::{ALL, Server};

#[derive(Debug, PartialEq, Eq)]
struct Held {
    threads: usize,
    descriptors: usize,
}

fn held() -> Held {
    let count = |directory| fs::read_dir(directory).expect("procfs").count();
    Held { threads: count("/proc/self/task"), descriptors: count("/proc/self/fd") }
}

/// Two logins, so that a kept connection has its chance to be left behind.
fn log_in_twice(fault: &str) {
    let server = Server::start(fault);
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().expect("a path in UTF-8")).expect("ca_file");
    config.set("timeout_ms", "150").expect("timeout_ms");
    let client = Client::new(&server.origin(), &config).expect("a client");
    for _ in 0..2 {
        // Most of them fail: how is not the subject here.
        let _ = client.login("ada", "word", None);
    }
}

#[test]
fn no_thread_and_no_descriptor() {
    // What is made once per process is made here.
    log_in_twice("ok");
    let before = held();
    for fault in ALL {
        log_in_twice(fault.name);
        settle(&before, fault.name);
    }
}

/// A joined thread's entry in /proc can outlive it for a moment.
fn settle(before: &Held, name: &str) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while held() != *before {
        assert!(Instant::now() < deadline, "{name}: {before:?} before, {:?} after", held());
        thread::sleep(Duration::from_millis(1));
    }
}
