//! Files: what one session leaves is there for the next, which is alone in the process, as in another one it would be.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::time::Duration;

use testpress::{Call, Session, Status};
use testpress_faults::Server;

use super::{Directory, PASSWORD, USER, client, session};

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
fn a_wrong_password_beside_a_right_one_never_gets_its_token() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    let right = session(&server, &directory.store());
    right.token(None).unwrap();
    let wrong = Session::new(&client(&server, &directory.store()), USER, "wrong").unwrap();
    wrong.token(None).unwrap();
    assert_eq!(server.posts(), 2, "it has to log in itself");
}

#[test]
fn a_refusal_is_stored_and_an_explicit_login_clears_it() {
    let (server, directory) = (Server::start("rejected"), Directory::new());
    for _ in 0..2 {
        let error = session(&server, &directory.store()).token(None).unwrap_err();
        assert_eq!(error.status(), Status::Rejected);
    }
    assert_eq!(server.posts(), 1);
    assert!(directory.file("rest").exists());
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
fn what_others_may_read_or_have_put_there_is_refused() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    session(&server, &directory.store()).token(None).unwrap();
    let (path, store) = (directory.file("token"), directory.0.join("store"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    session(&server, &directory.store()).token(None).unwrap();
    assert_eq!(server.posts(), 2);
    fs::remove_file(&path).unwrap();
    let elsewhere = directory.0.join("elsewhere");
    fs::write(&elsewhere, "").unwrap();
    symlink(&elsewhere, &path).unwrap();
    session(&server, &directory.store()).token(None).unwrap();
    assert_eq!(server.posts(), 3);
    assert_eq!(fs::read(&elsewhere).unwrap(), b"", "nothing is written through a link");
    fs::set_permissions(&store, fs::Permissions::from_mode(0o755)).unwrap();
    session(&server, &directory.store()).token(None).unwrap();
    assert_eq!(server.posts(), 4);
    fs::remove_dir_all(&store).unwrap();
    fs::write(&store, "a file").unwrap();
    session(&server, &directory.store()).token(None).unwrap();
    assert_eq!(server.posts(), 5);
}

#[test]
fn a_refusal_that_is_no_longer_stored_is_over() {
    let (server, directory) = (Server::start("locked"), Directory::new());
    let session = session(&server, &directory.store());
    session.token(None).unwrap_err();
    assert!(!session.token(None).unwrap_err().request_sent());
    // What an explicit login of another process does when it has worked.
    fs::remove_file(directory.file("rest")).unwrap();
    assert!(session.token(None).unwrap_err().request_sent());
    assert_eq!(server.posts(), 2);
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

#[test]
fn a_refusal_that_others_may_read_is_written_anew() {
    let (server, directory) = (Server::start("rejected"), Directory::new());
    session(&server, &directory.store()).token(None).unwrap_err();
    fs::set_permissions(directory.file("rest"), fs::Permissions::from_mode(0o644)).unwrap();
    for _ in 0..3 {
        session(&server, &directory.store()).token(None).unwrap_err();
    }
    assert_eq!(server.posts(), 2);
}
