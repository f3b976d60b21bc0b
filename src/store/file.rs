//! FileStore: one account's token and rest in files.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Choice;
use super::directory::{self, Directory};
use super::lock::{Lock, Turn};
use super::record::{self, StoredRest, StoredToken};
use crate::account::{REJECTED_AGAIN, StoreKey, USUAL_REST};
use crate::clock::{Uptime, unix_now};
use crate::status::Status;

/// The files of one account.
#[derive(Debug)]
pub(crate) struct FileStore {
    directory: Directory,
    name: String,
}

/// When a file was written, and which one it is: another after each write.
pub(crate) type Version = (SystemTime, u64);

/// How long the store is locked where nobody logs in meanwhile.
const MOMENT: Duration = Duration::from_secs(1);

impl FileStore {
    /// `None` when tokens stay in memory.
    pub(crate) fn new(choice: &Choice, account: StoreKey) -> Option<FileStore> {
        let directory = match choice {
            Choice::Memory => return None,
            Choice::File(None) => Directory::usual(),
            Choice::File(Some(path)) => Directory::chosen(path.clone()),
        };
        Some(FileStore { directory, name: account.hex() })
    }

    pub(crate) fn token(&self) -> io::Result<Option<StoredToken>> {
        self.read("token")
    }

    pub(crate) fn rest(&self) -> io::Result<Option<StoredRest>> {
        self.read("rest")
    }

    pub(crate) fn keep_token(&self, _: &Lock, token: &StoredToken) -> io::Result<()> {
        self.write("token", token)
    }

    pub(crate) fn keep_rest(&self, _: &Lock, rest: &StoredRest) -> io::Result<()> {
        self.write("rest", rest)
    }

    /// The server answered 401 to `jwt`: if that is the stored one, nobody is to use it, and the next login is told that
    /// it replaces a rejected one. `for_good`, or where it replaced one itself just before: the server accepts none, and
    /// nobody is to log in for a while; true for that. Nothing where it is just being replaced.
    pub(crate) fn reject(&self, jwt: &str, for_good: bool) -> io::Result<bool> {
        let is_kept = |kept: &StoredToken| kept.jwt == jwt;
        if !self.token()?.is_some_and(|kept| is_kept(&kept)) {
            return Ok(false);
        }
        let Turn::Mine(lock) = self.try_lock_for_a_moment()? else { return Ok(false) };
        let Some(kept) = self.token()?.filter(is_kept) else { return Ok(false) };
        let now = unix_now();
        let rejected = StoredToken { jwt: String::new(), lifetime: None, skew: 0, replaced_at: Some(now) };
        // A full disk: then at least this token is gone.
        self.write("token", &rejected).or_else(|_| remove(&self.file("token")))?;
        if for_good || kept.replaced_within(REJECTED_AGAIN, now) {
            let rest = StoredRest::new(Status::Unauthorized, USUAL_REST);
            // The server may have asked for more.
            if self.rest().ok().flatten().is_none_or(|kept| kept.until < rest.until) {
                self.keep_rest(&lock, &rest)?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    pub(crate) fn forget_rest(&self) -> io::Result<()> {
        match self.directory.check() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            checked => checked.and_then(|()| remove(&self.file("rest"))),
        }
    }

    pub(crate) fn token_version(&self) -> Option<Version> {
        self.version("token")
    }

    pub(crate) fn rest_version(&self) -> Option<Version> {
        self.version("rest")
    }

    /// Takes the lock, if nobody has it; it is meant to be let go of before `until`.
    pub(crate) fn try_lock(&self, until: Uptime) -> io::Result<Turn> {
        self.directory.prepare()?;
        Lock::take(&self.file("lock"), until)
    }

    /// As above, to write what took no lock to get.
    pub(crate) fn try_lock_for_a_moment(&self) -> io::Result<Turn> {
        self.try_lock(Uptime::now() + MOMENT)
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    fn version(&self, kind: &str) -> Option<Version> {
        let found = fs::symlink_metadata(self.file(kind)).ok()?;
        Some((found.modified().ok()?, found.ino()))
    }

    fn file(&self, kind: &str) -> std::path::PathBuf {
        self.directory.file(&format!("{}.{kind}", self.name))
    }

    fn read<T: DeserializeOwned>(&self, kind: &str) -> io::Result<Option<T>> {
        match self.directory.check() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            checked => checked?,
        }
        Ok(directory::read(&self.file(kind))?.and_then(|bytes| record::read(&bytes)))
    }

    /// Whole or not at all: into a new file, then under its name. Who has the lock is alone with the new file, so that what
    /// a killed process left is found, and gone.
    ///
    /// No sync: on a busy disk it takes seconds that no deadline can end, and all that a crash of the machine can do is
    /// leave a file whose checksum is wrong, which costs one login.
    fn write<T: Serialize>(&self, kind: &str, value: &T) -> io::Result<()> {
        let new = self.file("new");
        remove(&new)?;
        let written = directory::open(&new, OpenOptions::new().write(true).create_new(true))
            .and_then(|mut file| file.write_all(&record::write(value)))
            .and_then(|()| fs::rename(&new, self.file(kind)));
        if written.is_err() {
            let _ = remove(&new);
        }
        written
    }
}

/// Whether it was there or not.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
