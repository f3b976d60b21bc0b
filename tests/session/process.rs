//! Another process with a session of the same user.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use testpress::{Client, Config, Session};
use testpress_faults::Server;

use super::{PASSWORD, USER};

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

pub struct Process {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Process {
    pub fn start(server: &Server, store: &str, timeout: Duration) -> Process {
        Process::start_under(&[], server, store, timeout)
    }

    /// `under`: a command that runs another, and its arguments.
    pub fn start_under(under: &[&str], server: &Server, store: &str, timeout: Duration) -> Process {
        let program = env::current_exe().unwrap();
        let mut command = match under {
            [] => Command::new(program),
            [wrapper, arguments @ ..] => {
                let mut command = Command::new(wrapper);
                command.args(arguments).arg(program);
                command
            }
        };
        command.args(["--exact", "process::another_process", "--nocapture"]);
        command.env(ORIGIN, server.origin()).env(CA, server.ca_file()).env(STORE, store);
        command.env(TIMEOUT, timeout.as_millis().to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let lines = output.by_ref().lines();
        assert!(lines.map_while(Result::ok).any(|line| line == READY), "the other process did not start");
        Process { child, output }
    }

    pub fn go(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    pub fn ended(mut self) -> String {
        let lines = self.output.by_ref().lines().map_while(Result::ok);
        let ended: Vec<String> = lines.filter_map(|line| line.strip_prefix("ended ").map(str::to_owned)).collect();
        self.child.wait().unwrap();
        ended.concat()
    }

    pub fn signal(&self, name: &str) {
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
