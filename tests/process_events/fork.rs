//! Forks amid logins that other threads make.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::alone::beside;
use super::system;

/// Whatever the other threads held at the fork is held for ever in the child.
#[test]
fn fault_process_forked_amid_logins() {
    const FORKS: usize = 20;
    beside(&["ok", "slow-drip"]).run(|world| {
        let (client, slow) = (&world.client("ok", &[]), world.client("slow-drip", &[]));
        let log_in = || client.login("ada", "word", None);
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let slow_login = scope.spawn(|| slow.login("ada", "word", None));
            let quick_logins = scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    log_in().expect("a login beside forks");
                }
            });
            let forks: Vec<(Option<i32>, Duration)> = (0..FORKS)
                .map(|_| {
                    let start = Instant::now();
                    let child = system::fork(|| i32::from(log_in().is_err()));
                    (child.wait(), start.elapsed())
                })
                .collect();
            over.store(true, Ordering::Relaxed);
            let fine = |fork: &(_, Duration)| fork.0 == Some(0) && fork.1 < Duration::from_secs(10);
            assert!(forks.iter().all(fine), "the children's logins: {forks:?}");
            quick_logins.join().expect("no panic");
            slow_login.join().expect("no panic").expect("a login beside forks");
        });
        log_in().expect("a login after forks");
    });
}
