//! Files of a store in other hands: links that somebody has put there, a token that is being read, a lock that is taken.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;

use testpress::{Session, Token};
use testpress_faults::Server;

use super::Directory;

/// A store of one test's own.
struct Store {
    server: Server,
    directory: Directory,
}

impl Store {
    fn new() -> Store {
        Store { server: Server::start("another-each-time"), directory: Directory::new() }
    }

    fn session(&self) -> Session {
        super::session(&self.server, &self.directory.store())
    }

    /// Of a session that is alone in the process, as in another one it would be.
    fn token(&self) -> Arc<Token> {
        self.session().token(None).unwrap()
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.directory.file(kind)
    }

    fn elsewhere(&self) -> PathBuf {
        self.directory.0.join("elsewhere")
    }
}

#[test]
fn a_token_behind_a_link_is_not_read() {
    let store = Store::new();
    let first = store.token();
    // A whole one, and ours: but for the link it would do.
    fs::rename(store.file("token"), store.elsewhere()).unwrap();
    let whole = fs::read(store.elsewhere()).unwrap();
    symlink(store.elsewhere(), store.file("lock").with_extension("token")).unwrap();
    let second = store.token();
    assert_ne!(first.jwt(), second.jwt());
    assert_eq!(store.token().jwt(), second.jwt(), "a file has taken the link's place");
    assert_eq!(fs::read(store.elsewhere()).unwrap(), whole, "nothing is written through a link");
}

#[test]
fn no_file_is_made_through_a_link() {
    for kind in ["lock", "new"] {
        let store = Store::new();
        let first = store.token();
        let path = store.file("lock").with_extension(kind);
        let _ = fs::remove_file(&path);
        fs::remove_file(store.file("token")).unwrap();
        symlink(store.elsewhere(), &path).unwrap();
        assert_ne!(store.token().jwt(), first.jwt(), "{kind}");
        assert!(!store.elsewhere().exists(), "{kind}");
    }
}

#[test]
fn a_file_that_somebody_reads_does_not_change_meanwhile() {
    let store = Store::new();
    let session = store.session();
    let first = session.token(None).unwrap();
    let mut half_read = File::open(store.file("token")).unwrap();
    let whole = fs::read(store.file("token")).unwrap();
    session.reject(&first);
    session.token(None).unwrap();
    assert_ne!(fs::read(store.file("token")).unwrap(), whole);
    let mut old = Vec::new();
    half_read.read_to_end(&mut old).unwrap();
    assert_eq!(old, whole, "a token is written into a new file, and that then takes the name");
}

#[test]
fn a_rejected_token_that_could_not_leave_the_store_is_not_taken_from_it() {
    let store = Store::new();
    let session = store.session();
    let rejected = session.token(None).unwrap();
    let lock = File::open(store.file("lock")).unwrap();
    lock.lock().unwrap();
    session.reject(&rejected);
    assert!(fs::read_to_string(store.file("token")).unwrap().contains(rejected.jwt()), "nobody waits for the lock");
    lock.unlock().unwrap();
    assert_ne!(session.token(None).unwrap().jwt(), rejected.jwt());
    assert_eq!(store.server.posts(), 2);
}
