//! A token that is about to expire.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Session, Status, Token};
use testpress_faults::Server;

use super::{Directory, PASSWORD, USER, config, session};

/// Asks until there is another token than `before`.
fn next_token(before: &str, ask: impl Fn() -> Arc<Token>) -> Arc<Token> {
    let start = Instant::now();
    loop {
        let token = ask();
        if token.jwt() != before {
            return token;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "never renewed");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_token_is_renewed_before_it_expires_and_not_sooner() {
    let server = Server::start("lives-2s");
    let session = session(&server, "memory");
    let first = session.token(None).unwrap();
    let start = Instant::now();
    let second = next_token(first.jwt(), || session.token(None).unwrap());
    // It comes in the second half of the first one's life; a token's own seconds are whole ones.
    assert!(start.elapsed() > Duration::from_millis(900), "{:?}", start.elapsed());
    assert_eq!(server.posts(), 2);
    assert_ne!(first.jwt(), second.jwt());
}

/// The server gives one token that lives 6 s, and never answers again.
#[test]
fn a_dead_server_beside_a_valid_token_delays_nobody_but_the_one_that_renews() {
    let server = Server::start("once-then-dead");
    let session = session(&server, "memory");
    let jwt = session.token(None).unwrap().jwt().to_owned();
    let expires = session.token(None).unwrap().expires_at().unwrap();
    let (call, renewing) = (Call::new(Some(Duration::from_secs(8))), AtomicBool::new(true));
    thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            // One of these calls leads, and waits for the dead server. It has its own time, as the token ends sooner.
            let error = loop {
                match session.token(Some(&call)) {
                    Ok(_) => assert!(start.elapsed() < Duration::from_secs(30), "never renewed"),
                    Err(error) => break error,
                }
            };
            renewing.store(false, Ordering::SeqCst);
            assert_eq!(error.status(), Status::Timeout);
            assert!(error.message().starts_with("8000 ms (timeout_ms)"), "{error}");
        });
        assert!(server.wait_until(Duration::from_secs(30), |counts| counts.posts == 2));
        while unix_now() < expires - 1 {
            assert_eq!(session.token(None).unwrap().jwt(), jwt);
        }
        assert!(renewing.load(Ordering::SeqCst), "the others had to wait for the one that renews");
    });
    assert_eq!(server.posts(), 2);
}

/// The old token has 3 s left, and the login takes 6 s.
#[test]
fn a_renewal_that_outlasts_the_old_token_goes_on_with_the_callers_time() {
    for store in ["memory", &Directory::new().store()] {
        let server = Server::start("once-then-slow");
        let session = session(&server, store);
        let first = session.token(None).unwrap();
        let second = next_token(first.jwt(), || session.token(None).unwrap());
        assert_ne!(first.jwt(), second.jwt());
        assert_eq!(server.posts(), 2, "{store}");
    }
}

#[test]
fn a_date_after_the_end_of_a_token_is_no_clock() {
    let (server, directory) = (Server::start("dated-ahead"), Directory::new());
    let first = ask_alone(&server, &directory);
    for _ in 0..3 {
        assert_eq!(ask_alone(&server, &directory).jwt(), first.jwt());
    }
    assert_eq!(server.posts(), 1);
}

/// Whose token is due after half of its life.
fn renewing_early(server: &Server, store: &str) -> Session {
    let mut config = config(server, store);
    config.set("expiry_leeway", "5").unwrap();
    Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap()
}

/// From a session that is alone in the process, as one under PHP-FPM.
fn ask_alone(server: &Server, directory: &Directory) -> Arc<Token> {
    renewing_early(server, &directory.store()).token(None).unwrap()
}

#[test]
fn a_stored_token_is_renewed_in_time_by_sessions_that_never_saw_it_come() {
    let (server, directory) = (Server::start("lives-10s"), Directory::new());
    let first = ask_alone(&server, &directory);
    next_token(first.jwt(), || ask_alone(&server, &directory));
    assert!(first.expires_at().unwrap() - unix_now() > 2, "renewed too late");
    assert_eq!(server.posts(), 2);
}

/// The server fails once the first token is due, which stays the answer.
fn a_renewal_that_failed_is_not_tried_again(server: &Server, ask: impl Fn() -> Arc<Token>) {
    let first = ask();
    let start = Instant::now();
    while server.posts() < 2 {
        assert_eq!(ask().jwt(), first.jwt());
        assert!(start.elapsed() < Duration::from_secs(30), "never renewed");
        thread::sleep(Duration::from_millis(5));
    }
    for _ in 0..20 {
        assert_eq!(ask().jwt(), first.jwt());
    }
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_renewal_that_failed_is_not_tried_again_by_the_next_call() {
    let server = Server::start("once-then-500");
    let session = renewing_early(&server, "memory");
    a_renewal_that_failed_is_not_tried_again(&server, || session.token(None).unwrap());
}

#[test]
fn a_renewal_that_failed_is_not_tried_by_one_process_after_another() {
    let (server, directory) = (Server::start("once-then-500"), Directory::new());
    a_renewal_that_failed_is_not_tried_again(&server, || ask_alone(&server, &directory));
}

#[test]
fn a_due_token_in_a_store_that_cant_be_written_is_used_to_its_end() {
    let (server, directory) = (Server::start("lives-10s"), Directory::new());
    let first = ask_alone(&server, &directory);
    let lock = directory.file("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let due = first.expires_at().unwrap() - 4;
    while unix_now() < due {
        thread::sleep(Duration::from_millis(20));
    }
    for _ in 0..5 {
        assert_eq!(ask_alone(&server, &directory).jwt(), first.jwt());
    }
    assert_eq!(server.posts(), 1, "nobody could keep another");
}

fn unix_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_secs().try_into().unwrap()
}
