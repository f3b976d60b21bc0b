//! A token that the server answered 401 to.

use std::fs::{self, File};
use std::sync::Arc;
use std::time::Duration;

use testpress::{Call, Session, Status};
use testpress_faults::Server;

use super::{Directory, USER, client, session};

#[test]
fn a_rejected_token_is_replaced_once() {
    let server = Server::start("ok");
    let session = session(&server, "memory");
    let token = session.token(None).unwrap();
    session.reject(&token);
    let replaced = session.token(None).unwrap();
    assert_eq!(server.posts(), 2);
    assert!(!Arc::ptr_eq(&token, &replaced));
    // The bad server gives the same JWT each time, so this is the new one, and rejected as well.
    session.reject(&replaced);
    let error = session.token(None).unwrap_err();
    assert_eq!(error.status(), Status::Unauthorized);
    assert_eq!(server.posts(), 2, "no login loop");
}

#[test]
fn a_rejected_token_is_not_taken_from_the_store_again() {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    let session = session(&server, &directory.store());
    let first = session.token(None).unwrap();
    session.reject(&first);
    let second = session.token(None).unwrap();
    assert_ne!(first.jwt(), second.jwt());
    session.reject(&first);
    assert_eq!(session.token(None).unwrap().jwt(), second.jwt(), "an old answer changes nothing");
    drop(session);
    let other = super::session(&server, &directory.store());
    assert_eq!(other.token(None).unwrap().jwt(), second.jwt());
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_rejected_token_leaves_the_store() {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    let session = session(&server, &directory.store());
    let rejected = session.token(None).unwrap();
    session.reject(&rejected);
    drop(session);
    let other = super::session(&server, &directory.store()).token(None).unwrap();
    assert_ne!(other.jwt(), rejected.jwt());
}

#[test]
fn a_server_that_accepts_no_token_is_not_asked_by_one_process_after_another() {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    // Each is alone in the process when it comes, and ends with its request.
    for logins in [1, 2] {
        let session = session(&server, &directory.store());
        session.reject(&session.token(None).unwrap());
        assert_eq!(server.posts(), logins);
    }
    for _ in 0..3 {
        let error = session(&server, &directory.store()).token(None).unwrap_err();
        assert_eq!((error.status(), error.request_sent()), (Status::Unauthorized, false), "{error}");
        assert!(error.retry_after().is_some_and(|seconds| (1..=60).contains(&seconds)), "{error:?}");
    }
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_late_401_says_nothing_of_a_new_token_that_looks_the_same() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    for store in ["memory", &directory.store()] {
        let session = session(&server, store);
        let first = session.token(None).unwrap();
        session.reject(&first);
        let second = session.token(None).unwrap();
        assert_eq!(first.jwt(), second.jwt(), "two logins within one second");
        session.reject(&first);
        assert!(Arc::ptr_eq(&second, &session.token(None).unwrap()));
    }
    assert_eq!(server.posts(), 4);
}

#[test]
fn a_password_that_was_changed_on_the_server() {
    let server = Server::start("password-changed");
    let old = session(&server, "memory");
    let token = old.token(None).unwrap();
    old.reject(&token);
    assert_eq!(old.token(None).unwrap_err().status(), Status::Rejected);
    assert_eq!(old.token(None).unwrap_err().status(), Status::Rejected);
    assert_eq!(server.posts(), 2, "it is not tried again and again");
    let new = Session::new(&client(&server, "memory"), USER, "changed").unwrap();
    assert_ne!(new.token(None).unwrap().jwt(), token.jwt());
    assert_eq!(server.posts(), 3);
}

#[test]
fn a_server_that_accepts_no_token_is_not_asked_for_ever_where_the_store_cant_be_told() {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    let session = session(&server, &directory.store());
    let mut token = session.token(None).unwrap();
    let lock = File::open(directory.file("lock")).unwrap();
    lock.lock().unwrap();
    let ended = (0..8).find_map(|_| {
        session.reject(&token);
        let call = Call::new(Some(Duration::from_secs(2)));
        session.token(Some(&call)).map(|another| token = another).err()
    });
    assert_eq!(ended.map(|error| error.status()), Some(Status::Unauthorized));
    assert_eq!(server.posts(), 2, "the first one, and the one in its place");
}

#[test]
fn a_server_that_accepts_tokens_again_is_known_from_the_store() {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    let session = session(&server, &directory.store());
    for _ in 0..2 {
        session.reject(&session.token(None).unwrap());
    }
    assert_eq!(session.token(None).unwrap_err().status(), Status::Unauthorized);
    // What an explicit login of another process does when it has worked.
    fs::remove_file(directory.file("rest")).unwrap();
    session.token(None).unwrap();
    assert_eq!(server.posts(), 3);
}

#[test]
fn a_rejected_password_gets_no_token_of_a_right_one_that_is_gone() {
    let (server, directory) = (Server::start("password-changed"), Directory::new());
    let client = client(&server, &directory.store());
    client.login(USER, "whatever, the first time", None).unwrap();
    let wrong = Session::new(&client, USER, "wrong").unwrap();
    assert_eq!(wrong.token(None).unwrap_err().status(), Status::Rejected);
    Session::new(&client, USER, "changed").unwrap().token(None).unwrap();
    assert!(directory.file("token").exists());
    assert_eq!(wrong.token(None).unwrap_err().status(), Status::Rejected);
    assert_eq!(server.posts(), 3);
}
