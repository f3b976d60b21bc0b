//! Whatever a server does to it, a client that is gone has left no thread and no descriptor.
//!
//! One test in a program of its own: it counts what the whole process holds.

use testpress::{Client, Config};
use testpress_faults::{ALL, Held, Server};

/// Two logins, so that a kept connection has its chance to be left behind.
fn log_in_twice(fault: &str) {
    let server = Server::start(fault);
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().expect("a path in UTF-8")).expect("ca_file");
    config.set("timeout_ms", "150").expect("timeout_ms");
    config.set("proxy", &server.proxy_url().unwrap_or("none".to_owned())).expect("proxy");
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
    let before = Held::now();
    for fault in ALL {
        log_in_twice(fault.name);
        before.expect_again(fault.name);
    }
}
