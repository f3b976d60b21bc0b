//! FileStore: one account's token and back-off in files of a directory.

mod directory;
mod lock;
mod names;
mod sweep;

use std::ffi::CString;
use std::fmt;
use std::io;

use zeroize::Zeroizing;

use self::directory::Directory;
use self::lock::{FileLock, Taken};
use self::names::{BACKOFF, LOCK, NEW, TOKEN, file};
use super::record::{self, StoredBackoff, StoredToken};
use super::shared_store::{SharedStore, StoreLock, TryLock};
use crate::clock::Uptime;
use crate::config::StoreLocation;
use crate::log::Log;

pub(super) struct FileStore {
    location: StoreLocation,
    name: String,
    log: Log,
}

impl FileStore {
    pub(super) fn new(location: StoreLocation, name: String, log: Log) -> FileStore {
        FileStore { location, name, log }
    }

    fn file(&self, kind: &str) -> CString {
        file(&self.name, kind)
    }

    fn directory(&self) -> io::Result<Option<Directory>> {
        Directory::open(&self.location, &self.log)
    }

    fn read(&self, kind: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        self.directory()?.map_or(Ok(None), |directory| directory.read(&self.file(kind)))
    }
}

impl SharedStore for FileStore {
    fn read_token(&self) -> io::Result<Option<StoredToken>> {
        Ok(self.read(TOKEN)?.and_then(|record| StoredToken::read(&record)))
    }

    fn read_backoff(&self) -> io::Result<Option<StoredBackoff>> {
        Ok(self.read(BACKOFF)?.and_then(|record| StoredBackoff::read(&record)))
    }

    fn try_lock(&self, until: Uptime) -> io::Result<TryLock> {
        let directory = Directory::open_or_make(&self.location, &self.log)?;
        Ok(match FileLock::take(&directory, &self.file(LOCK), until)? {
            Taken::Ours(lock) => {
                TryLock::Acquired(Box::new(Writer { directory, name: self.name.clone(), _lock: lock }))
            }
            Taken::Others(until) => TryLock::Held { until },
        })
    }

    fn remove_backoff(&self) -> io::Result<()> {
        self.directory()?.map_or(Ok(()), |directory| directory.remove(&self.file(BACKOFF)))
    }
}

impl fmt::Debug for FileStore {
    /// Where it is, for messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", directory::path(&self.location).0.display())
    }
}

/// Whoever has the lock is alone with `NEW`, so that the next writer finds what a killed process left, and removes it.
struct Writer {
    directory: Directory,
    name: String,
    _lock: FileLock,
}

impl Writer {
    fn write(&self, kind: &str, record: &[u8]) -> io::Result<()> {
        sweep::once_an_hour(&self.directory);
        self.directory.write(&file(&self.name, NEW), &file(&self.name, kind), record)
    }
}

impl StoreLock for Writer {
    fn write_token(&self, token: &StoredToken) -> io::Result<()> {
        self.write(TOKEN, &record::write(token))
    }

    fn write_backoff(&self, backoff: &StoredBackoff) -> io::Result<()> {
        self.write(BACKOFF, &record::write(backoff))
    }

    fn try_to_write(&self) -> io::Result<()> {
        let new = file(&self.name, NEW);
        let written = self.directory.write_new(&new, &vec![0; record::MAX_BYTES as usize]);
        self.directory.remove(&new)?;
        written
    }

    fn remove_token(&self) -> io::Result<()> {
        self.directory.remove(&file(&self.name, TOKEN))
    }

    fn remove_backoff(&self) -> io::Result<()> {
        self.directory.remove(&file(&self.name, BACKOFF))
    }
}
