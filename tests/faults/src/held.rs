//! What the whole process holds, for tests of what is left behind.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// How many threads and descriptors there are.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    threads: usize,
    descriptors: usize,
}

impl Held {
    /// Counts them.
    pub fn now() -> Held {
        let count = |directory| fs::read_dir(directory).expect("procfs").count();
        Held { threads: count("/proc/self/task"), descriptors: count("/proc/self/fd") }
    }

    /// Waits until the process holds this again, and panics, with `name` in the message, when it does not. A joined
    /// thread's entry in /proc can outlive it for a moment.
    pub fn expect_again(&self, name: &str) {
        let deadline = Instant::now() + Duration::from_secs(5);
        while Held::now() != *self {
            assert!(Instant::now() < deadline, "{name}: {self:?} before, {:?} after", Held::now());
            thread::sleep(Duration::from_millis(1));
        }
    }
}
