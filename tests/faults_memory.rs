//! Whatever a server sends, and however long, a login takes a few hundred kilobytes.
//!
//! The logins are made in a child process: what the servers hold is not theirs.

use std::process::Command;
use std::{env, fs};

use testpress::{Client, Config};
use testpress_faults::{ALL, Fault, Server};

/// Tells the child the servers: name, origin and proxy, with tabs between, a line for each; the CA file comes first.
const SERVERS: &str = "TESTPRESS_TEST_SERVERS";

/// Over what logins to well-behaved servers have taken. The kernel counts what a process holds with an error of some
/// hundred kilobytes.
const ROOM: u64 = 1024;

/// The most that this process ever held, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("procfs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM");
    line.trim().trim_end_matches(" kB").parse().expect("a number of kB")
}

/// Two logins, so that a kept connection has its part. Endless answers have half a second to fill the memory.
fn log_in_twice(origin: &str, proxy: &str, ca_file: &str) {
    let mut config = Config::new();
    for (name, value) in [("ca_file", ca_file), ("proxy", proxy), ("timeout_ms", "250")] {
        config.set(name, value).expect(name);
    }
    let client = Client::new(origin, &config).expect("a client");
    for _ in 0..2 {
        // Most of them fail: how is not the subject here.
        let _ = client.login("ada", "word", None);
    }
}

fn log_in_everywhere(servers: &str) {
    let (ca_file, servers) = servers.split_once('\n').expect("a CA file");
    let servers: Vec<Vec<&str>> = servers.lines().map(|line| line.split('\t').collect()).collect();
    // What is made once per process is made here.
    for server in servers.iter().filter(|server| server[0].starts_with("ok")) {
        log_in_twice(server[1], server[2], ca_file);
    }
    let before = peak();
    for server in servers {
        log_in_twice(server[1], server[2], ca_file);
        let more = peak() - before;
        assert!(more < ROOM, "{} took {more} KiB", server[0]);
    }
}

#[test]
fn no_fault_costs_a_megabyte() {
    if let Ok(servers) = env::var(SERVERS) {
        return log_in_everywhere(&servers);
    }
    let serve = |fault: &'static Fault| (fault.name, Server::serve(fault).expect("a server"));
    let servers: Vec<(&str, Server)> = ALL.iter().map(serve).collect();
    let mut list = servers[0].1.ca_file().to_str().expect("a path in UTF-8").to_owned();
    for (name, server) in &servers {
        let proxy = server.proxy_url().unwrap_or("none".to_owned());
        list += &format!("\n{name}\t{}\t{proxy}", server.origin());
    }
    let child = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "no_fault_costs_a_megabyte", "--nocapture"])
        .env(SERVERS, list)
        .output()
        .expect("this program runs again");
    let said = [child.stdout, child.stderr].concat();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&said));
    let posts = servers.iter().find(|(name, _)| *name == "ok").map(|(_, server)| server.posts());
    assert_eq!(posts, Some(4), "the child logged in twice before it counted, and twice after");
}
