//! What is over goes: a write removes it, once an hour in a process.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use testpress_faults::Server;

use super::Directory;
use super::process::Process;

const DAY: Duration = Duration::from_secs(86_400);

/// As if it had been written so long ago.
fn age(path: &Path, age: Duration) {
    File::options().append(true).open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
}

/// Of another account, with the content of one of ours.
fn other(directory: &Directory, account: u32, kind: &str, content: &[u8]) -> PathBuf {
    let path = directory.0.join(format!("store/{account:032x}.{kind}"));
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

fn write(server: &Server, directory: &Directory) {
    let mut process = Process::start(server, &directory.store(), Duration::from_secs(20));
    process.go();
    process.ended();
}

#[test]
fn a_write_removes_what_is_over_and_older_than_a_day() {
    let directory = Directory::new();
    // One that has expired when it is looked at, one that has not, and one that was refused.
    let (short, long) = (Server::start("lives-2s"), Server::start("another-each-time"));
    write(&short, &directory);
    let (expired, expires) = (fs::read(directory.file("token")).unwrap(), SystemTime::now() + Duration::from_secs(3));
    fs::remove_file(directory.file("token")).unwrap();
    write(&long, &directory);
    let valid = fs::read(directory.file("token")).unwrap();
    fs::remove_file(directory.file("token")).unwrap();
    let too_old = DAY + Duration::from_secs(60);
    let gone = [
        other(&directory, 1, "token", &expired),
        other(&directory, 2, "lock", b""),
        other(&directory, 3, "new", b"half a rec"),
        other(&directory, 4, "rest", b"testpress-store 1 0\n{}"),
        other(&directory, 5, "backoff", b"damaged"),
    ];
    let stays =
        [other(&directory, 6, "token", &valid), other(&directory, 7, "lock", b""), directory.0.join("store/notes.txt")];
    fs::write(&stays[2], "not the store's").unwrap();
    let young = other(&directory, 8, "token", &expired);
    let held = File::open(&stays[1]).unwrap();
    held.lock().unwrap();
    gone.iter().chain(&stays).for_each(|path| age(path, too_old));
    while SystemTime::now() < expires {
        std::thread::sleep(Duration::from_millis(20));
    }
    write(&Server::start("another-each-time"), &directory);
    for path in gone {
        assert!(!path.exists(), "{}", path.display());
    }
    for path in stays.iter().chain([&young]) {
        assert!(path.exists(), "{}", path.display());
    }
}
