//! Many processes, and one that is stopped.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testpress::{Client, Config, Session};
use testpress_faults::Server;

use super::{Directory, PASSWORD, USER, session};

const ORIGIN: &str = "TESTPRESS_SESSION_ORIGIN";
const CA: &str = "TESTPRESS_SESSION_CA";
const STORE: &str = "TESTPRESS_SESSION_STORE";
const TIMEOUT: &str = "TESTPRESS_SESSION_TIMEOUT";
const READY: &str = "ready";

/// What the other processes run: says that it is ready, is told to go, and says what came of it.
#[test]
fn another_process() {
    let Ok(origin) = env::var(ORIGIN) else { return };
    let mut config = Config::new();
    config.set("ca_file", &env::var(CA).unwrap()).unwrap();
    config.set("timeout_ms", &env::var(TIMEOUT).unwrap()).unwrap().set("store", &env::var(STORE).unwrap()).unwrap();
    let session = Session::new(&Client::new(&origin, &config).unwrap(), USER, PASSWORD).unwrap();
    println!("\n{READY}");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let result = session.token(None);
    println!("\nended {}", result.map_or_else(|error| error.status().name(), |_| "TP_OK"));
}

struct Process {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Process {
    fn start(server: &Server, store: &str, timeout: Duration) -> Process {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "processes::another_process", "--nocapture"]);
        command.env(ORIGIN, server.origin()).env(CA, server.ca_file()).env(STORE, store);
        command.env(TIMEOUT, timeout.as_millis().to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let lines = output.by_ref().lines();
        assert!(lines.map_while(Result::ok).any(|line| line == READY), "the other process did not start");
        Process { child, output }
    }

    fn go(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    fn ended(mut self) -> String {
        let lines = self.output.by_ref().lines().map_while(Result::ok);
        let ended: Vec<String> = lines.filter_map(|line| line.strip_prefix("ended ").map(str::to_owned)).collect();
        self.child.wait().unwrap();
        ended.concat()
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    // It is no rest: who comes later asks.
    let before = server.posts();
    session(&server, &directory.store()).token(None).unwrap_err();
    assert_eq!(server.posts(), before + 1);
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
