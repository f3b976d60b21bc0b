//! FileStore: one account's token and rest in files, and the lock that lets one process log in for all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Choice;
use super::directory::{self, Directory};
use super::record::{self, StoredRest, StoredToken};
use crate::account::StoreKey;
use crate::sys::{ProcessId, process_id};

/// The files of one account.
#[derive(Debug)]
pub(crate) struct FileStore {
    directory: Directory,
    name: String,
}

/// The lock, or how things stand without it.
pub(crate) enum Turn {
    Mine(Lock),
    Taken,
}

/// Ours until it is dropped, or the process ends in whatever way.
pub(crate) struct Lock {
    file: File,
    owner: ProcessId,
}

/// Closing is not enough: a child that was forked meanwhile has the same descriptor, and would keep the lock.
impl Drop for Lock {
    fn drop(&mut self) {
        // A child that was forked amid a login lets its parent keep it.
        if self.owner == process_id() {
            let _ = self.file.unlock();
        }
    }
}

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

    /// The server does not accept it. It stays when it was replaced, or is just being replaced.
    pub(crate) fn forget_token(&self, jwt: &str) -> io::Result<()> {
        let is_kept = self.token()?.is_some_and(|kept| kept.jwt == jwt);
        if !is_kept {
            return Ok(());
        }
        let Turn::Mine(_lock) = self.try_lock()? else { return Ok(()) };
        if self.token()?.is_some_and(|kept| kept.jwt == jwt) { fs::remove_file(self.file("token")) } else { Ok(()) }
    }

    pub(crate) fn forget_rest(&self) -> io::Result<()> {
        match fs::remove_file(self.file("rest")) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Changes with each token that is written.
    pub(crate) fn changed_at(&self) -> Option<SystemTime> {
        fs::symlink_metadata(self.file("token")).and_then(|found| found.modified()).ok()
    }

    /// Takes the lock, if nobody has it. The file is never deleted: a lock on a deleted file locks nothing.
    pub(crate) fn try_lock(&self) -> io::Result<Turn> {
        self.directory.prepare()?;
        let file = directory::open(&self.file("lock"), OpenOptions::new().write(true).create(true))?;
        match file.try_lock() {
            Ok(()) => Ok(Turn::Mine(Lock { file, owner: process_id() })),
            Err(TryLockError::WouldBlock) => Ok(Turn::Taken),
            Err(TryLockError::Error(error)) => Err(error),
        }
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

    /// Whole or not at all: into a new file, onto the disk, then under its name. Who has the lock is alone with the new
    /// file, so that what a killed process left is found, and gone.
    fn write<T: Serialize>(&self, kind: &str, value: &T) -> io::Result<()> {
        let new = self.file("new");
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let written = directory::open(&new, OpenOptions::new().write(true).create_new(true)).and_then(|mut file| {
            file.write_all(&record::write(value))?;
            file.sync_all()?;
            fs::rename(&new, self.file(kind))
        });
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written
    }
}
