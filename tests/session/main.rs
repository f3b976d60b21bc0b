//! Sessions: one login for all who want a token, in a process and among processes.

#![allow(missing_docs)]

mod accounts;
mod backoffs;
mod bad_disks;
mod links;
mod one_process;
mod process;
mod processes;
mod rejection;
mod renewal;
mod rights;
mod store;
mod sweep;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use testpress::{Client, Config, Session};
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

fn config(server: &Server, store: &str) -> Config {
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    config.set("timeout_ms", "20000").unwrap().set("store", store).unwrap();
    config
}

fn client(server: &Server, store: &str) -> Client {
    Client::new(&server.origin(), &config(server, store)).unwrap()
}

fn session(server: &Server, store: &str) -> Session {
    Session::new(&client(server, store), USER, PASSWORD).unwrap()
}
