//! When a session asks the server again, and when not.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Config, Level, Session, Status};
use testpress_faults::Server;

use super::Directory;

fn config(server: &Server) -> Config {
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    config
}

fn session(client: &Client) -> Session {
    Session::new(client, "ada", "lovelace").unwrap()
}

#[test]
fn a_renewal_that_failed_is_not_tried_again_by_the_next_call() {
    let server = Server::start("once-then-500");
    let client = Client::new(&server.origin(), config(&server).set("expiry_leeway", "5").unwrap()).unwrap();
    let session = session(&client);
    let first = session.token(None).unwrap();
    let start = Instant::now();
    while server.posts() < 2 {
        assert_eq!(session.token(None).unwrap().jwt(), first.jwt());
        assert!(start.elapsed() < Duration::from_secs(30), "never renewed");
        thread::sleep(Duration::from_millis(5));
    }
    for _ in 0..20 {
        assert_eq!(session.token(None).unwrap().jwt(), first.jwt());
    }
    assert_eq!(server.posts(), 2);
}

/// The server accepts no token, and then an explicit login works.
fn an_explicit_login_ends_a_rest(store: &str) {
    let server = Server::start("another-each-time");
    let client = Client::new(&server.origin(), config(&server).set("store", store).unwrap()).unwrap();
    let session = session(&client);
    for _ in 0..2 {
        session.reject(&session.token(None).unwrap());
    }
    assert_eq!(session.token(None).unwrap_err().status(), Status::Unauthorized);
    client.login("ada", "another's", None).unwrap();
    client.login("bob", "lovelace", None).unwrap();
    let posts = server.posts();
    if store == "memory" {
        assert_eq!(session.token(None).unwrap_err().status(), Status::Unauthorized, "that was another account");
    }
    client.login("ada", "lovelace", None).unwrap();
    session.token(None).unwrap();
    assert_eq!(server.posts(), posts + 2);
}

#[test]
fn an_explicit_login_that_worked_ends_a_rest_in_memory() {
    an_explicit_login_ends_a_rest("memory");
}

#[test]
fn an_explicit_login_that_worked_ends_a_rest_in_the_store() {
    an_explicit_login_ends_a_rest(&Directory::new().store());
}

#[test]
fn a_log_callback_that_asks_its_own_session_is_told_so() {
    let server = Server::start("ok");
    let session: Arc<OnceLock<Session>> = Arc::default();
    let answers: Arc<Mutex<Vec<Status>>> = Arc::default();
    // The session keeps its client, and that this callback.
    let (inner, told) = (Arc::downgrade(&session), answers.clone());
    let mut config = config(&server);
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
    session.set(self::session(&client)).unwrap();
    session.get().unwrap().token(None).unwrap();
    let answers = answers.lock().unwrap();
    assert!(!answers.is_empty() && answers.iter().all(|&status| status == Status::InvalidArgument), "{answers:?}");
}
