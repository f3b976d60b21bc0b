//! Sessions: one login for all who want a token, in a process and among processes.

#![allow(missing_docs)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Config, Session, Status};
use testpress_faults::Server;

const USER: &str = "ada.4711@example.com";
const PASSWORD: &str = "s3cret-canary";

/// A directory of one test's own, gone when it ends.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Directory {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("store-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        Directory(path)
    }

    fn store(&self) -> String {
        format!("file:{}", self.0.join("store").display())
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.join("store")).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.files().into_iter().find(|path| path.extension().is_some_and(|end| end == kind)).unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn client(server: &Server, store: &str) -> Client {
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    config.set("timeout_ms", "20000").unwrap().set("store", store).unwrap();
    Client::new(&server.origin(), &config).unwrap()
}

fn session(server: &Server, store: &str) -> Session {
    Session::new(&client(server, store), USER, PASSWORD).unwrap()
}

#[test]
fn a_thousand_threads_make_one_login() {
    let server = Server::start("ok");
    let session = session(&server, "memory");
    let barrier = Barrier::new(1000);
    thread::scope(|scope| {
        for _ in 0..1000 {
            thread::Builder::new()
                .stack_size(256 * 1024)
                .spawn_scoped(scope, || {
                    barrier.wait();
                    assert_eq!(session.token(None).unwrap().jwt(), testpress_faults::jwt::token());
                })
                .unwrap();
        }
    });
    assert_eq!(server.posts(), 1);
}

#[test]
fn sessions_with_the_same_credentials_share_a_token_and_others_do_not() {
    let server = Server::start("ok");
    let client = client(&server, "memory");
    let first = Session::new(&client, USER, PASSWORD).unwrap();
    let second = Session::new(&client, USER, PASSWORD).unwrap();
    assert!(Arc::ptr_eq(&first.token(None).unwrap(), &second.token(None).unwrap()));
    assert_eq!(server.posts(), 1);
    let other = Session::new(&client, USER, "another").unwrap();
    other.token(None).unwrap();
    assert_eq!(server.posts(), 2);
    drop((first, second));
    Session::new(&client, USER, PASSWORD).unwrap().token(None).unwrap();
    assert_eq!(server.posts(), 3, "the last session takes the token with it");
}

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
fn refused_credentials_rest_and_an_explicit_login_goes_out() {
    let server = Server::start("rejected");
    let session = session(&server, "memory");
    assert_eq!(session.token(None).unwrap_err().status(), Status::Rejected);
    let again = session.token(None).unwrap_err();
    assert_eq!((again.status(), again.request_sent()), (Status::Rejected, false));
    assert!(again.retry_after().is_some_and(|seconds| (1..=60).contains(&seconds)), "{again:?}");
    assert_eq!(server.posts(), 1);
    client(&server, "memory").login(USER, PASSWORD, None).unwrap_err();
    assert_eq!(server.posts(), 2);
}

#[test]
fn a_cancelled_leader_hands_over() {
    let server = Server::start("silent-after-request");
    let session = session(&server, "memory");
    let (leader, follower) = (Call::new(None), Call::new(None));
    thread::scope(|scope| {
        let led = scope.spawn(|| session.token(Some(&leader)).unwrap_err());
        assert!(server.wait_for_post(Duration::from_secs(10)));
        let followed = scope.spawn(|| session.token(Some(&follower)).unwrap_err());
        leader.cancel();
        assert_eq!(led.join().unwrap().status(), Status::Cancelled);
        assert!(server.wait_until(Duration::from_secs(10), |counts| counts.posts == 2), "nobody took over");
        follower.cancel();
        assert_eq!(followed.join().unwrap().status(), Status::Cancelled);
    });
}

#[test]
fn who_waits_for_anothers_login_keeps_a_deadline_and_a_cancellation_of_its_own() {
    let server = Server::start("silent-after-request");
    let session = session(&server, "memory");
    let (leader, short, cancelled) = (Call::new(None), Call::new(Some(Duration::from_millis(100))), Call::new(None));
    thread::scope(|scope| {
        scope.spawn(|| session.token(Some(&leader)).unwrap_err());
        assert!(server.wait_for_post(Duration::from_secs(10)));
        let start = Instant::now();
        assert_eq!(session.token(Some(&short)).unwrap_err().status(), Status::Timeout);
        assert!(start.elapsed() >= Duration::from_millis(99));
        let waiter = scope.spawn(|| session.token(Some(&cancelled)).unwrap_err());
        cancelled.cancel();
        assert_eq!(waiter.join().unwrap().status(), Status::Cancelled);
        assert_eq!(server.posts(), 1);
        leader.cancel();
    });
}

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
        assert_eq!(fs::read(&path).unwrap(), whole, "written anew");
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

/// Asks until the session gives another token than `before`.
fn next_token(session: &Session, before: &str) -> Arc<testpress::Token> {
    let start = Instant::now();
    loop {
        let token = session.token(None).unwrap();
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
    let second = next_token(&session, first.jwt());
    // It comes in the second half of the first one's life; a token's own seconds are whole ones.
    assert!(start.elapsed() > Duration::from_millis(900), "{:?}", start.elapsed());
    assert_eq!(server.posts(), 2);
    assert_ne!(first.jwt(), second.jwt());
}

#[test]
fn a_dead_server_beside_a_valid_token_delays_nobody_but_the_one_that_renews() {
    let server = Server::start("once-then-dead");
    let session = session(&server, "memory");
    let jwt = session.token(None).unwrap().jwt().to_owned();
    let renewing = std::sync::atomic::AtomicBool::new(true);
    thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            // One of these calls leads, and waits for the dead server.
            while server.posts() < 2 && session.token(None).is_ok() {
                assert!(start.elapsed() < Duration::from_secs(30), "never renewed");
            }
            let led = start.elapsed();
            renewing.store(false, Ordering::SeqCst);
            assert!(led < Duration::from_secs(3 + 5 + 2), "{led:?}");
        });
        assert!(server.wait_until(Duration::from_secs(30), |counts| counts.posts == 2));
        for _ in 0..100 {
            assert_eq!(session.token(None).unwrap().jwt(), jwt);
        }
        assert!(renewing.load(Ordering::SeqCst), "the others had to wait for the one that renews");
    });
    assert_eq!(server.posts(), 2);
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
    let other = self::session(&server, &directory.store());
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
    let other = self::session(&server, &directory.store()).token(None).unwrap();
    assert_ne!(other.jwt(), rejected.jwt());
}

#[test]
fn a_connection_that_times_out_fails_all_who_wait() {
    let server = Server::start("connect-stalls");
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    config.set("timeout_ms", "20000").unwrap().set("connect_timeout_ms", "1000").unwrap();
    let session = Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap();
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(session.token(None).unwrap_err().status(), Status::Timeout));
        }
    });
    // One after another they would take eight.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
