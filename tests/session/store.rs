//! Files: what one session leaves is there for the next, which is alone in the process, as in another one it would be.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use testpress::{Call, Status};
use testpress_faults::Server;

use super::{Directory, PASSWORD, USER, session};

#[test]
fn a_stored_token_serves_other_processes() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    // Each is alone in the process when it comes, as another process would be.
    for _ in 0..3 {
        let token = session(&server, &directory.store()).token(None).unwrap();
        assert_eq!(token.jwt(), testpress_faults::jwt::token());
    }
    assert_eq!(server.connections(), 1);
    for path in directory.files() {
        let found = fs::metadata(&path).unwrap();
        assert_eq!(found.mode() & 0o7777, 0o600, "{}", path.display());
        let content = fs::read(&path).unwrap();
        let text = format!("{} {}", path.display(), String::from_utf8_lossy(&content));
        for secret in [USER, PASSWORD, "localhost", "ada"] {
            assert!(!text.contains(secret), "{secret:?} is in {text}");
        }
    }
    assert_eq!(fs::metadata(directory.0.join("store")).unwrap().mode() & 0o7777, 0o700);
}

#[test]
fn damaged_files_are_absent() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    session(&server, &directory.store()).token(None).unwrap();
    let path = directory.file("token");
    let whole = fs::read(&path).unwrap();
    for (logins, content) in [(2, &whole[..whole.len() - 1]), (3, b""), (4, b"\0\xff"), (5, &[b'x'; 100_000])] {
        fs::write(&path, content).unwrap();
        session(&server, &directory.store()).token(None).unwrap();
        assert_eq!(server.posts(), logins);
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.contains(&testpress_faults::jwt::token()), "written anew");
    }
}

#[test]
fn who_waited_for_the_lock_is_told_of_the_time_it_asked_for() {
    let (server, directory) = (Server::start("silent-after-request"), Directory::new());
    let ask = |milliseconds| {
        let call = Call::new(Some(Duration::from_millis(milliseconds)));
        session(&server, &directory.store()).token(Some(&call)).unwrap_err()
    };
    ask(100);
    let before = server.posts();
    let lock = File::open(directory.file("lock")).unwrap();
    lock.lock().unwrap();
    let error = ask(2_000);
    assert_eq!(server.posts(), before + 1, "half of the time is left for a login of one's own");
    assert!(error.message().starts_with("2000 ms (timeout_ms)"), "{error}");
}

#[test]
fn a_lock_that_is_held_for_long_costs_half_of_the_time() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    session(&server, &directory.store()).token(None).unwrap();
    fs::remove_file(directory.file("token")).unwrap();
    let lock = File::open(directory.file("lock")).unwrap();
    lock.lock().unwrap();
    let call = Call::new(Some(Duration::from_secs(4)));
    session(&server, &directory.store()).token(Some(&call)).unwrap();
    assert_eq!(server.posts(), 2);
}

/// One home on many machines: the clock of another, or of another start of this one, says nothing here.
#[test]
fn a_holder_on_another_machine_is_not_taken_for_stopped() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    session(&server, &directory.store()).token(None).unwrap();
    let path = directory.file("lock");
    let ours = fs::read_to_string(&path).unwrap();
    let lock = File::open(&path).unwrap();
    lock.lock().unwrap();
    for (boot, is_ours) in [(&ours[..36], true), ("11111111-2222-3333-4444-555555555555", false)] {
        let _ = fs::remove_file(path.with_extension("token"));
        fs::write(&path, format!("{boot} {:020}\n", 5)).unwrap();
        let (call, start) = (Call::new(Some(Duration::from_secs(6))), Instant::now());
        session(&server, &directory.store()).token(Some(&call)).unwrap();
        // One that is stopped is waited for some 200 ms, another for half of the time.
        assert_eq!(start.elapsed() < Duration::from_millis(2_900), is_ours, "{boot}: {:?}", start.elapsed());
    }
}

#[test]
fn a_refusal_holds_while_somebody_has_the_lock() {
    let (server, directory) = (Server::start("rejected"), Directory::new());
    session(&server, &directory.store()).token(None).unwrap_err();
    let lock = File::open(directory.file("lock")).unwrap();
    lock.lock().unwrap();
    let call = Call::new(Some(Duration::from_secs(2)));
    let error = session(&server, &directory.store()).token(Some(&call)).unwrap_err();
    assert_eq!((error.status(), error.request_sent()), (Status::Rejected, false), "{error}");
    assert_eq!(server.posts(), 1);
}
