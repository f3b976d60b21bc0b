//! Lock: lets one process log in for all, and tells the others for how long they may have to wait.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::directory;
use crate::clock::Uptime;
use crate::sys::{ProcessId, process_id};

/// The lock, or how things stand without it.
pub(crate) enum Turn {
    Mine(Lock),
    /// `until`: by when its holder meant to have finished, if that can be read.
    Taken {
        until: Option<Uptime>,
    },
}

/// Ours until it is dropped, or the process ends in whatever way.
pub(crate) struct Lock {
    file: File,
    owner: ProcessId,
}

/// Milliseconds since boot.
const DIGITS: usize = 20;

impl Lock {
    /// Takes the lock, if nobody has it, to be let go of before `until`. The file is never deleted: a lock on a deleted
    /// file locks nothing.
    pub(super) fn take(path: &Path, until: Uptime) -> io::Result<Turn> {
        let file = directory::open(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))?;
        match file.try_lock() {
            Ok(()) => {
                // Where the disk is full, the others don't know, and wait for as long as they like.
                let _ = file.write_all_at(format!("{:0DIGITS$}\n", until.milliseconds()).as_bytes(), 0);
                Ok(Turn::Mine(Lock { file, owner: process_id() }))
            }
            Err(TryLockError::WouldBlock) => Ok(Turn::Taken { until: until_when(&file) }),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn until_when(file: &File) -> Option<Uptime> {
    let mut digits = [0; DIGITS];
    file.read_exact_at(&mut digits, 0).ok()?;
    std::str::from_utf8(&digits).ok()?.parse().ok().map(Uptime::from_milliseconds)
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
