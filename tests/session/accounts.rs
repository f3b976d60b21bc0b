//! Whose token it is: other passwords, other options, and many accounts.

use std::time::{Duration, Instant};

use testpress::{Client, Config, Session, Status};
use testpress_faults::Server;

use super::process::Process;
use super::{Directory, PASSWORD, USER, client, config, session};

fn with_password(server: &Server, store: &str, password: &str) -> Session {
    Session::new(&client(server, store), USER, password).unwrap()
}

/// The server takes any password at the first login, and `changed` alone afterwards.
#[test]
fn a_wrong_password_never_meets_the_token_of_a_right_one() {
    let (server, directory) = (Server::start("password-changed"), Directory::new());
    let mut other = Process::start(&server, &directory.store(), Duration::from_secs(20));
    other.go();
    assert_eq!(other.ended(), "TP_OK");
    let wrong = with_password(&server, &directory.store(), "wrong");
    assert_eq!(wrong.token(None).unwrap_err().status(), Status::Rejected, "another process has a token");
    let right = with_password(&server, &directory.store(), "changed");
    right.token(None).unwrap();
    drop(right);
    assert_eq!(wrong.token(None).unwrap_err().status(), Status::Rejected, "this process had one");
    assert!(wrong.cached().is_none());
    assert_eq!(server.posts(), 3);
}

#[test]
fn a_password_that_was_changed_works_at_once_beside_the_old_one() {
    let (server, directory) = (Server::start("password-changed"), Directory::new());
    let old = session(&server, &directory.store());
    old.reject(&old.token(None).unwrap());
    for _ in 0..20 {
        assert_eq!(old.token(None).unwrap_err().status(), Status::Rejected);
    }
    let new = with_password(&server, &directory.store(), "changed");
    let token = new.token(None).unwrap();
    for _ in 0..20 {
        assert_eq!(old.token(None).unwrap_err().status(), Status::Rejected);
        assert_eq!(new.token(None).unwrap().jwt(), token.jwt());
    }
    assert_eq!(server.posts(), 3);
}

/// A session of the same user whose client has one more option.
fn with_option(server: &Server, name: &str, value: &str) -> Session {
    let mut config = config(server, "memory");
    config.set(name, value).unwrap();
    Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap()
}

#[test]
fn other_trust_and_another_way_have_tokens_of_their_own() {
    let server = Server::start("another-each-time");
    let usual = with_option(&server, "proxy", "none");
    let token = usual.token(None).unwrap();
    for (name, value) in [("timeout_ms", "9000"), ("retries", "5"), ("user_agent", "a shop/1")] {
        assert_eq!(with_option(&server, "proxy", "none").token(None).unwrap().jwt(), token.jwt());
        let mut config = config(&server, "memory");
        config.set("proxy", "none").unwrap().set(name, value).unwrap();
        let alike = Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap();
        assert_eq!(alike.token(None).unwrap().jwt(), token.jwt(), "{name}");
    }
    let other = Server::start("another-each-time");
    let other_authority = other.ca_file().with_file_name("authority-of-nobody.pem");
    std::fs::write(&other_authority, NOBODYS_CERTIFICATE).unwrap();
    let distrusting = with_option(&server, "ca_file", other_authority.to_str().unwrap());
    assert_eq!(distrusting.token(None).unwrap_err().status(), Status::Tls);
    std::fs::remove_file(other_authority).unwrap();
    let roundabout = with_option(&server, "proxy", "http://127.0.0.1:1");
    assert_eq!(roundabout.token(None).unwrap_err().status(), Status::Proxy);
    assert_eq!(usual.token(None).unwrap().jwt(), token.jwt(), "it does not fail by another's proxy");
    assert_ne!(with_option(&server, "api_version", "v2.3").token(None).unwrap().jwt(), token.jwt());
}

/// A CA that has signed nothing here.
const NOBODYS_CERTIFICATE: &str = include_str!("nobody.pem");

/// How long it takes to make so many sessions of one client, and to let go of them.
fn time_for(number: usize) -> Duration {
    let client = Client::new("demo", &Config::new()).unwrap();
    let start = Instant::now();
    let sessions: Vec<Session> =
        (0..number).map(|user| Session::new(&client, &format!("user-{user}"), PASSWORD).unwrap()).collect();
    drop(sessions);
    start.elapsed() / u32::try_from(number).unwrap()
}

#[test]
fn many_sessions_cost_the_same_each_as_few() {
    let few = (0..3).map(|_| time_for(2_000)).min().unwrap();
    let many = time_for(20_000);
    // A list would make it ten.
    assert!(many < few * 5, "{few:?} each for few, {many:?} for many");
}
