//! After a login that failed: how often the server is asked again.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Error, Level, Session, Status};
use testpress_faults::Server;

use super::{Directory, PASSWORD, USER, client, config, session};

/// Asks ten times with one session, then with others that are alone in the process, as in another one they would be.
fn ask(server: &Server, store: &str) -> Vec<Error> {
    let first = session(server, store);
    let mut errors: Vec<Error> = (0..10).map(|_| first.token(None).unwrap_err()).collect();
    drop(first);
    if store != "memory" {
        errors.extend((0..3).map(|_| session(server, store).token(None).unwrap_err()));
    }
    errors
}

/// One login, and then the same error at once, which says how long it will.
fn one_login(fault: &str, status: Status, waits: std::ops::RangeInclusive<u64>) {
    for store in ["memory", &Directory::new().store()] {
        let server = Server::start(fault);
        let errors = ask(&server, store);
        assert_eq!(server.posts(), 1, "{fault}, {store}");
        assert!(errors[0].request_sent(), "{fault}");
        for error in &errors[1..] {
            assert_eq!((error.status(), error.request_sent()), (status, false), "{fault}: {error}");
            assert!(error.retry_after().is_some_and(|seconds| waits.contains(&seconds)), "{fault}: {error:?}");
        }
    }
}

#[test]
fn refused_credentials_are_not_tried_again_for_a_minute() {
    one_login("rejected", Status::Rejected, 55..=60);
    one_login("locked", Status::Locked, 55..=60);
    one_login("too-many-devices", Status::TooManyDevices, 55..=60);
    one_login("forbidden", Status::Forbidden, 55..=60);
    one_login("throttled-without-wait", Status::Throttled, 55..=60);
}

#[test]
fn the_servers_own_wait_counts_whatever_the_status() {
    one_login("throttled", Status::Throttled, 55..=60);
    one_login("unavailable", Status::Server, 115..=120);
}

#[test]
fn a_wait_of_no_seconds_is_one_second() {
    let server = Server::start("throttled-zero");
    let session = session(&server, "memory");
    let start = Instant::now();
    session.token(None).unwrap_err();
    while server.posts() == 1 {
        let error = session.token(None).unwrap_err();
        assert!(error.request_sent() || error.retry_after() == Some(1), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(30), "never asked again");
    }
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

/// Twenty threads that ask as fast as they can.
fn besieged_for(time: Duration, fault: &str) -> usize {
    let server = Server::start(fault);
    let session = session(&server, "memory");
    let end = Instant::now() + time;
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                while Instant::now() < end {
                    session.token(None).unwrap_err();
                    thread::sleep(Duration::from_millis(1));
                }
            });
        }
    });
    server.posts().max(server.connections())
}

#[test]
fn a_server_that_fails_for_ever_is_asked_less_and_less_often() {
    for fault in ["server-error-html", "reset-before-answer", "not-found-html"] {
        // At 0, 0.5, 1.5 and 3.5 s, or later.
        let logins = besieged_for(Duration::from_secs(3), fault);
        assert!((2..=4).contains(&logins), "{fault}: {logins}");
    }
}

/// The first login is refused, and an explicit one then works.
fn an_explicit_login_ends_a_back_off(store: &str) {
    let server = Server::start("rejects-once");
    let client = client(&server, store);
    let session = Session::new(&client, USER, PASSWORD).unwrap();
    session.token(None).unwrap_err();
    client.login(USER, "another's", None).unwrap();
    client.login("bob", PASSWORD, None).unwrap();
    assert_eq!(session.token(None).unwrap_err().status(), Status::Rejected, "those were other accounts");
    assert_eq!(server.posts(), 3);
    client.login(USER, PASSWORD, None).unwrap();
    session.token(None).unwrap();
    assert_eq!(server.posts(), 5);
}

#[test]
fn an_explicit_login_that_worked_ends_a_back_off_in_memory() {
    an_explicit_login_ends_a_back_off("memory");
}

#[test]
fn an_explicit_login_that_worked_ends_a_back_off_in_the_store() {
    an_explicit_login_ends_a_back_off(&Directory::new().store());
}

#[test]
fn an_explicit_login_is_sent_in_any_case() {
    let server = Server::start("rejected");
    let client = client(&server, "memory");
    let session = Session::new(&client, USER, PASSWORD).unwrap();
    session.token(None).unwrap_err();
    client.login(USER, PASSWORD, None).unwrap_err();
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_back_off_that_is_gone_from_the_store_is_over() {
    let (server, directory) = (Server::start("locked"), Directory::new());
    let session = session(&server, &directory.store());
    session.token(None).unwrap_err();
    assert!(!session.token(None).unwrap_err().request_sent());
    // What an explicit login of another process does when it has worked.
    std::fs::remove_file(directory.file("backoff")).unwrap();
    assert!(session.token(None).unwrap_err().request_sent());
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_log_callback_that_asks_its_own_session_is_told_so() {
    let server = Server::start("ok");
    let session: Arc<OnceLock<Session>> = Arc::default();
    let answers: Arc<Mutex<Vec<Status>>> = Arc::default();
    // The session keeps its client, and that this callback.
    let (inner, told) = (Arc::downgrade(&session), answers.clone());
    let mut config = config(&server, "memory");
    config.set_log(Level::Debug, move |_, _| {
        // To wait for the login that it is a part of, would take for ever.
        let call = Call::new(Some(Duration::from_secs(2)));
        if let Some(Err(error)) =
            inner.upgrade().and_then(|inner| inner.get().map(|session| session.token(Some(&call))))
        {
            told.lock().unwrap().push(error.status());
        }
    });
    let client = Client::new(&server.origin(), &config).unwrap();
    session.set(Session::new(&client, USER, PASSWORD).unwrap()).unwrap();
    session.get().unwrap().token(None).unwrap();
    let answers = answers.lock().unwrap();
    assert!(!answers.is_empty() && answers.iter().all(|&status| status == Status::InvalidArgument), "{answers:?}");
}
