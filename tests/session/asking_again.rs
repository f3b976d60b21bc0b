//! When a session asks the server again, and when not.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use testpress::{Call, Client, Level, Session, Status};
use testpress_faults::Server;

use super::{Directory, client, config};

fn session(client: &Client) -> Session {
    Session::new(client, "ada", "lovelace").unwrap()
}

/// The server accepts no token, and then an explicit login works.
fn an_explicit_login_ends_a_rest(store: &str) {
    let server = Server::start("another-each-time");
    let client = client(&server, store);
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
    session.set(self::session(&client)).unwrap();
    session.get().unwrap().token(None).unwrap();
    let answers = answers.lock().unwrap();
    assert!(!answers.is_empty() && answers.iter().all(|&status| status == Status::InvalidArgument), "{answers:?}");
}
