//! A stopped server leaves no thread, no descriptor and no file, whatever its clients were doing.
//!
//! One test in a program of its own: it counts what the whole process holds.

mod raw;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use raw::{Client, REQUEST};
use testpress_faults::{ALL, Held, Server};

/// Clients that sent a request and don't care for the answer, held open while the server ends.
fn clients(server: &Server) -> Vec<Client> {
    let mut clients: Vec<Client> = (0..2).filter_map(|_| Client::connect(server).ok()).collect();
    for client in &mut clients {
        // Some faults have hung up by now.
        let _ = client.send(REQUEST);
    }
    clients
}

fn stop_amid_clients(name: &str) -> PathBuf {
    let server = Server::start(name);
    let _clients = if server.fault().name == "connect-stalls" { vec![] } else { clients(&server) };
    let ca_file = server.ca_file().to_owned();
    let start = Instant::now();
    drop(server);
    assert!(start.elapsed() < Duration::from_secs(5), "{name} took {:?} to stop", start.elapsed());
    ca_file
}

#[test]
fn no_thread_no_descriptor_no_file() {
    // What is made once per process is made here.
    stop_amid_clients("ok");
    let before = Held::now();
    for fault in ALL {
        let ca_file = stop_amid_clients(fault.name);
        assert!(!Path::exists(ca_file.parent().unwrap()), "{} leaves {}", fault.name, ca_file.display());
        before.expect_again(fault.name);
    }
}
