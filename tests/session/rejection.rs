//! A token that the server answered 401 to.

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Session, Status};
use testpress_faults::Server;

use super::{Directory, PASSWORD, USER, client, config, session};

#[test]
fn a_rejected_token_is_replaced_once_and_then_kept() {
    for store in ["memory", &Directory::new().store()] {
        let server = Server::start("another-each-time");
        let session = session(&server, store);
        let first = session.token(None).unwrap();
        session.reject(&first);
        let second = session.token(None).unwrap();
        assert_ne!(first.jwt(), second.jwt());
        for _ in 0..3 {
            session.reject(&second);
            assert_eq!(session.token(None).unwrap().jwt(), second.jwt(), "the newest is handed out");
        }
        assert_eq!(server.posts(), 2, "no login loop");
    }
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

/// One page answers 401 to good tokens; each process serves one page.
#[test]
fn one_page_that_says_401_stops_nobody() {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    for round in 0..6 {
        let bad_page = session(&server, &directory.store());
        bad_page.reject(&bad_page.token(None).unwrap());
        drop(bad_page);
        let good_page = session(&server, &directory.store()).token(None).unwrap();
        assert_eq!(server.posts(), 2, "{round}: {}", good_page.jwt());
    }
}

/// It is due before the minute is over.
#[test]
fn a_kept_token_is_not_renewed_by_other_processes() {
    let (server, directory) = (Server::start("lives-10s"), Directory::new());
    let ask = || {
        let mut config = config(&server, &directory.store());
        config.set("expiry_leeway", "5").unwrap();
        Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap()
    };
    for _ in 0..2 {
        let session = ask();
        session.reject(&session.token(None).unwrap());
    }
    let kept = ask().token(None).unwrap();
    let due = Instant::now() + Duration::from_secs(6);
    while Instant::now() < due {
        assert_eq!(ask().token(None).unwrap().jwt(), kept.jwt());
    }
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_process_that_rejects_late_keeps_what_the_others_keep() {
    let (server, directory) = (Server::start("ok"), Directory::new());
    // Other options, so that they share the store and no memory.
    let sessions = ["v2.5", "v2.3"].map(|version| {
        let mut config = config(&server, &directory.store());
        config.set("api_version", version).unwrap();
        Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap()
    });
    let tokens = [0, 1].map(|at| sessions[at].token(None).unwrap());
    for _ in 0..4 {
        for (session, token) in sessions.iter().zip(&tokens) {
            session.reject(token);
            session.token(None).unwrap();
        }
    }
    assert!(server.posts() <= 2, "{}", server.posts());
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
    assert!(ended.is_none(), "{ended:?}");
    assert_eq!(server.posts(), 2, "the first one, and the one in its place");
}
