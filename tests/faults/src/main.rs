//! `faults`: the bad server as a program, for tests in other languages.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use testpress_faults::{ALL, Fault, Server};

const USAGE: &str = "\
Usage:
  faults --list               every fault: name, tab, summary
  faults serve NAME [HOST]    serve one until stdin closes; prints its origin, tab, CA file
  faults run COMMAND [ARGS…]  serve all of them while COMMAND runs, and exit as it does

COMMAND finds in its environment
  TESTPRESS_FAULTS      a file with a line for every fault: name, tab, origin
  TESTPRESS_FAULTS_CA   the PEM file to trust

With HOST, a fault is served on every address, not on loopback only, to machines that know this one as HOST. The good
certificate is for institute.test, any NAME.institute.test, 192.0.2.2 and [2001:db8::2] beside loopback's.

The faults proxy-NAME are a proxy's: its URL stands in place of an origin. It makes tunnels to institute.test.
";

/// What shells give for a command that is not there, or can't be run.
const NOT_RUN: u8 = 127;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    let done = match words[..] {
        ["--list"] => list(),
        ["--help"] => io::stdout().write_all(USAGE.as_bytes()).map(|()| ExitCode::SUCCESS),
        ["serve", name] => serve(name, None),
        ["serve", name, host] => serve(name, Some(host)),
        ["run", _, ..] => run(&arguments[1], &arguments[2..]),
        _ => {
            eprint!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("faults: {error}");
        ExitCode::FAILURE
    })
}

fn list() -> io::Result<ExitCode> {
    let lines: String = ALL.iter().map(|fault| format!("{}\t{}\n", fault.name, fault.summary)).collect();
    io::stdout().write_all(lines.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn serve(name: &str, host: Option<&str>) -> io::Result<ExitCode> {
    let unknown = || io::Error::other(format!("there is no fault {name:?}; see faults --list"));
    let fault = Fault::named(name).ok_or_else(unknown)?;
    let server = match host {
        Some(host) => Server::serve_as(fault, host)?,
        None => Server::serve(fault)?,
    };
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}\t{}", place(&server), server.ca_file().display())?;
    stdout.flush()?;
    wait_for_end_of_stdin()?;
    Ok(ExitCode::SUCCESS)
}

/// What a client is told.
fn place(server: &Server) -> String {
    server.proxy_url().unwrap_or_else(|| server.origin())
}

fn wait_for_end_of_stdin() -> io::Result<()> {
    let mut rubbish = [0; 1024];
    while io::stdin().read(&mut rubbish)? > 0 {}
    Ok(())
}

fn run(command: &OsString, arguments: &[OsString]) -> io::Result<ExitCode> {
    let servers: BTreeMap<&str, Server> =
        ALL.iter().map(|fault| Ok((fault.name, Server::serve(fault)?))).collect::<io::Result<_>>()?;
    let ca_file = servers.values().next().map(Server::ca_file).unwrap_or(Path::new(""));
    // Beside the CA file: the directory goes away with the last server.
    let list = ca_file.with_file_name("faults.tsv");
    let lines: String = servers.iter().map(|(name, server)| format!("{name}\t{}\n", place(server))).collect();
    std::fs::write(&list, lines)?;

    let mut command = Command::new(command);
    command.args(arguments).env("TESTPRESS_FAULTS", &list).env("TESTPRESS_FAULTS_CA", ca_file);
    match command.status() {
        Ok(status) => Ok(exit_code(status.code(), status.signal())),
        Err(error) => {
            eprintln!("faults: {}: {error}", command.get_program().display());
            Ok(ExitCode::from(NOT_RUN))
        }
    }
}

/// As a shell has it: a command killed by signal 9 ends with 137.
fn exit_code(code: Option<i32>, signal: Option<i32>) -> ExitCode {
    let number = code.or(signal.map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(number).unwrap_or(u8::MAX))
}
