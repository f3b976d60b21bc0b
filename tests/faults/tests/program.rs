//! `faults`, the program.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use testpress_faults::ALL;

fn faults() -> Command {
    Command::new(env!("CARGO_BIN_EXE_faults"))
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn list_has_a_line_for_every_fault() {
    let output = faults().arg("--list").output().unwrap();
    assert!(output.status.success());
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), ALL.len());
    assert!(lines.iter().any(|line| line.starts_with("accept-silent\t")));
}

#[test]
fn run_gives_its_command_every_origin_and_its_status() {
    let script =
        r#"cat "$TESTPRESS_FAULTS"; grep -q BEGIN "$TESTPRESS_FAULTS_CA" && echo "$TESTPRESS_FAULTS_CA"; exit 7"#;
    let output = faults().args(["run", "sh", "-c", script]).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(text(&output.stderr), "");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    let (ca_file, origins) = lines.split_last().unwrap();
    assert_eq!(origins.len(), ALL.len());
    assert!(origins.iter().any(|line| line.starts_with("ok-plain\thttp://127.0.0.1:")));
    assert!(origins.iter().any(|line| line.starts_with("ok\thttps://localhost:")));
    assert!(!Path::exists(Path::new(ca_file).parent().unwrap()), "{ca_file} is still there");
}

#[test]
fn run_passes_a_signal_on_as_a_status() {
    let output = faults().args(["run", "sh", "-c", "kill -9 $$"]).output().unwrap();
    assert_eq!(output.status.code(), Some(137));
}

#[test]
fn run_says_which_command_is_not_there() {
    let output = faults().args(["run", "/no/such/command"]).output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    assert!(text(&output.stderr).contains("/no/such/command"));
}

#[test]
fn serve_lasts_until_stdin_closes() {
    let mut child = faults().args(["serve", "ok"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (origin, ca_file) = line.trim_end().split_once('\t').unwrap();
    let address = origin.strip_prefix("https://").unwrap().replace("localhost", "127.0.0.1");
    assert!(std::net::TcpStream::connect(address).is_ok());
    assert!(Path::new(ca_file).exists());
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(!Path::new(ca_file).exists());
}

#[test]
fn what_it_does_not_know_ends_with_usage() {
    for arguments in [&[][..], &["serve"], &["run"], &["dance"]] {
        let output = faults().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).starts_with("Usage:"));
    }
    assert_eq!(faults().args(["serve", "no-such-fault"]).output().unwrap().status.code(), Some(1));
}
