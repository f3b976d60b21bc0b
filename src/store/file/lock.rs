//! Lock: lets one process log in for all, and tells the others how long they may have to wait.

use std::ffi::CStr;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use super::directory::{self, Directory};
use crate::clock::{Uptime, boot_id};
use crate::sys::{self, ProcessId, process_id};

/// Ours until it is dropped, or the process ends in whatever way.
pub(super) struct FileLock {
    file: File,
    owner: ProcessId,
}

pub(super) enum Taken {
    Ours(FileLock),
    /// See [`TryLock`](crate::store::TryLock).
    Others(Option<Uptime>),
}

/// A boot id (RFC 9562), then the milliseconds since that boot.
const BOOT_ID: usize = 36;
const DIGITS: usize = 20;

impl FileLock {
    /// Takes the lock if nobody has it. Its holder means to let go of it before `until`.
    pub(super) fn take(directory: &Directory, name: &CStr, until: Uptime) -> io::Result<Taken> {
        loop {
            let file = directory.open_file(name, sys::O_RDWR | sys::O_CREAT)?;
            directory::close_to_others(&file)?;
            match file.try_lock() {
                // Removed between the two as one that nobody held: a lock on it would lock nothing.
                Ok(()) if file.metadata()?.nlink() == 0 => {}
                Ok(()) => {
                    let promise = format!("{:BOOT_ID$} {:0DIGITS$}\n", boot_id(), until.milliseconds());
                    // Where the disk is full, the others don't know, and wait for as long as they like.
                    let _ = file.write_all_at(promise.as_bytes(), 0);
                    return Ok(Taken::Ours(FileLock { file, owner: process_id() }));
                }
                Err(TryLockError::WouldBlock) => return Ok(Taken::Others(promise(&file))),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// By when the holder means to have finished. `None` for a holder on another machine, or from before a restart: its clock
/// is not ours.
fn promise(file: &File) -> Option<Uptime> {
    let mut bytes = [0; BOOT_ID + 1 + DIGITS];
    file.read_exact_at(&mut bytes, 0).ok()?;
    let (boot, digits) = std::str::from_utf8(&bytes).ok()?.split_at_checked(BOOT_ID)?;
    if boot.trim_end() != boot_id() {
        return None;
    }
    digits.trim_start().parse().ok().map(Uptime::from_milliseconds)
}

/// Closing is not enough: a child that was forked meanwhile has the same descriptor, and would keep the lock.
impl Drop for FileLock {
    fn drop(&mut self) {
        // A child that was forked amid a login lets its parent keep it.
        if self.owner == process_id() {
            let _ = self.file.unlock();
        }
    }
}
