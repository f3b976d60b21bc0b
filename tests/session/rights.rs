//! Whose files they are, and who else may open them.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use testpress::{Session, Status};
use testpress_faults::Server;

use super::{Directory, session};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// A store that has a token of the first login.
struct Store {
    server: Server,
    directory: Directory,
}

impl Store {
    fn new() -> Store {
        let store = Store { server: Server::start("another-each-time"), directory: Directory::new() };
        store.ask();
        store
    }

    /// Of one that is alone in the process, as in another one it would be.
    fn session(&self) -> Session {
        session(&self.server, &self.directory.store())
    }

    fn ask(&self) -> String {
        self.session().token(None).unwrap().jwt().to_owned()
    }

    fn is_used(&self) {
        assert!(self.session().check_store().is_ok(), "{:?}", self.session().check_store());
        assert_eq!(self.ask(), self.ask());
    }
}

#[test]
fn the_rights_of_what_is_above_do_not_matter() {
    for above in [0o777, 0o2775, 0o775, 0o755, 0o1777] {
        let store = Store::new();
        fs::set_permissions(&store.directory.0, Permissions::from_mode(above)).unwrap();
        store.is_used();
        fs::remove_dir_all(store.directory.0.join("store")).unwrap();
        store.is_used();
        assert_eq!(mode(&store.directory.0.join("store")), 0o700, "{above:o}");
        assert_eq!(store.server.posts(), 2, "{above:o}");
    }
}

#[test]
fn a_directory_of_ours_that_others_may_open_is_emptied_and_used() {
    for loose in [0o755, 0o770, 0o777, 0o701] {
        let store = Store::new();
        let path = store.directory.0.join("store");
        fs::write(path.join(".gitignore"), "*").unwrap();
        let before = fs::read(store.directory.file("token")).unwrap();
        set_mode(&path, loose);
        store.is_used();
        assert_eq!(mode(&path), 0o700, "{loose:o}");
        assert_ne!(fs::read(store.directory.file("token")).unwrap(), before, "{loose:o}");
        assert_eq!(store.server.posts(), 2, "{loose:o}");
    }
}

#[test]
fn a_file_of_ours_that_others_may_open_is_emptied_and_used() {
    for kind in ["token", "lock"] {
        let store = Store::new();
        set_mode(&store.directory.file(kind), 0o644);
        store.is_used();
        store.session().reject(&store.session().token(None).unwrap());
        store.is_used();
        assert_eq!(mode(&store.directory.file(kind)), 0o600, "{kind}");
        assert_eq!(store.server.posts(), if kind == "token" { 3 } else { 2 });
    }
}

#[test]
fn a_directory_with_other_things_is_not_taken_from_others() {
    let store = Store::new();
    let path = store.directory.0.join("store");
    fs::write(path.join("index.html"), "of a web server").unwrap();
    set_mode(&path, 0o755);
    let error = store.session().check_store().unwrap_err();
    assert_eq!(error.status(), Status::Store);
    assert!(error.message().contains("index.html") && error.message().contains("0700"), "{error}");
    assert_eq!(mode(&path), 0o755);
    assert_ne!(store.ask(), store.ask(), "a login each");
    set_mode(&path, 0o1777);
    assert!(store.session().check_store().unwrap_err().message().contains("everybody's"));
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o1777);
}

#[test]
fn a_store_that_is_no_directory_or_not_there_is_passed_over_and_asked_for_says_so() {
    let store = Store::new();
    let path = store.directory.0.join("store");
    let elsewhere = store.directory.0.join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    let told = |part: &str| {
        let error = store.session().check_store().unwrap_err();
        assert_eq!(error.status(), Status::Store);
        assert!(error.message().contains(path.to_str().unwrap()) && error.message().contains(part), "{error}");
        assert_ne!(store.ask(), store.ask(), "a login each");
    };
    told("is a link");
    fs::remove_file(&path).unwrap();
    fs::write(&path, "a file").unwrap();
    told("Not a directory");
    fs::remove_file(&path).unwrap();
    fs::rename(&store.directory.0, store.directory.0.with_extension("away")).unwrap();
    told("can't be made");
    fs::rename(store.directory.0.with_extension("away"), &store.directory.0).unwrap();
    store.is_used();
    assert!(super::session(&store.server, "memory").check_store().is_ok());
}
