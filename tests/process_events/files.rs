//! Nothing can be written, or there is no file at all.

use std::{env, fs};

use testpress::{Client, Config, Status};

use super::alone::beside;
use super::scratch::Scratch;
use super::system;

/// As on a full disk: a byte written to any file would end the process (SIGXFSZ).
#[test]
fn fault_process_no_room_in_files() {
    let scratch = Scratch::new("no-room-in-files");
    let child = beside(&["ok", "rejected"]).with("TMPDIR", scratch.path()).with("HOME", scratch.path());
    scratch.given_to(child).run(|world| {
        env::set_current_dir(scratch.path()).expect("the directory");
        system::limit(system::RLIMIT_FSIZE, 0);
        system::ignore(system::SIGXFSZ);
        assert!(fs::write("probe", "a byte").is_err(), "the limit holds");
        fs::remove_file("probe").expect("it is empty");
        system::default_disposition(system::SIGXFSZ);
        world.client("ok", &[]).login("ada", "word", None).expect("a login");
        let error = world.client("rejected", &[]).login("ada", "word", None).unwrap_err();
        assert_eq!(error.status(), Status::Rejected);
        assert_eq!(fs::read_dir(".").expect("the directory").count(), 0, "a file was made");
    });
}

/// No CA bundle, no resolv.conf, no hosts, no nsswitch.conf, no /dev/null.
#[test]
fn fault_process_empty_root() {
    let scratch = Scratch::new("empty-root");
    let child = scratch.given_to(beside(&["ok"]).needing_root());
    child.without("SSL_CERT_FILE").without("SSL_CERT_DIR").run(|world| {
        let client = world.client("ok", &[]);
        let elsewhere = world.try_client("https://institute.invalid", &[]).expect("a client");
        system::change_root(scratch.path());
        assert_eq!(fs::read_dir("/").expect("the new root").count(), 0);
        client.login("ada", "word", None).expect("a login: its CA file was read before");
        let error = elsewhere.login("ada", "word", None).unwrap_err();
        assert_eq!(error.status(), Status::Dns, "{error:?}");
        let untrusting = Client::new("demo", &Config::new()).expect("a client, which reads the system's bundle later");
        let error = untrusting.login("ada", "word", None).unwrap_err();
        assert_eq!(error.status(), Status::Tls, "{error:?}");
        assert!(error.message().contains("ca_file"), "{error:?}");
    });
}
