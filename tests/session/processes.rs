//! Many processes, and one that is stopped.

use std::time::{Duration, Instant};

use testpress_faults::Server;

use super::process::Process;
use super::{Directory, session};

/// Starts them, lets them go together, and gives what came of each.
fn together(number: usize, server: &Server, store: &str, timeout: Duration) -> Vec<String> {
    let mut processes: Vec<_> = (0..number).map(|_| Process::start(server, store, timeout)).collect();
    processes.iter_mut().for_each(Process::go);
    processes.into_iter().map(Process::ended).collect()
}

#[test]
fn processes_that_start_together_make_one_login() {
    let (server, directory) = (Server::start("thinks-300ms"), Directory::new());
    let ended = together(20, &server, &directory.store(), Duration::from_secs(20));
    assert_eq!(ended, ["TP_OK"; 20]);
    assert_eq!(server.posts(), 1);
}

#[test]
fn processes_that_waited_for_a_login_share_its_failure() {
    let (server, directory) = (Server::start("thinks-300ms-then-500"), Directory::new());
    let ended = together(20, &server, &directory.store(), Duration::from_secs(20));
    assert_eq!(ended, ["TP_E_SERVER"; 20]);
    // One after another they would make twenty. Some may have come late on a busy machine.
    assert!(server.posts() <= 5, "{}", server.posts());
}

#[test]
fn a_stopped_process_keeps_nobody_for_longer_than_its_own_time() {
    let (server, directory) = (Server::start("silent-then-ok"), Directory::new());
    let mut stopped = Process::start(&server, &directory.store(), Duration::from_secs(1));
    stopped.go();
    assert!(server.wait_for_post(Duration::from_secs(10)));
    stopped.signal("-STOP");
    let start = Instant::now();
    session(&server, &directory.store()).token(None).unwrap();
    // Its second, one of grace, and a look; half of the time of ours would be ten.
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert_eq!(server.posts(), 2);
    stopped.signal("-CONT");
    assert_eq!(stopped.ended(), "TP_E_TIMEOUT");
}
