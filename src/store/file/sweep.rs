//! Sweep: removes what is over, so that a store does not grow for ever.

use std::ffi::CStr;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::directory::Directory;
use super::lock::{FileLock, Taken};
use super::names::{LOCK, NEW, kind};
use crate::clock::{Now, Uptime};
use crate::store::record;
use crate::sys;

/// In milliseconds.
const HOUR: u64 = 3_600_000;
/// In seconds.
const DAY: i64 = 86_400;
/// A call has a deadline: what is left waits for the next hour.
const MAX_FILES: usize = 10_000;

/// In a process, and by the clock that nobody sets. A child goes on with its parent's hour.
pub(super) fn once_an_hour(directory: &Directory) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (now, next) = (Uptime::now().milliseconds(), NEXT.load(Ordering::Relaxed));
    if now < next || NEXT.compare_exchange(next, now + HOUR, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        return;
    }
    for name in directory.names().into_iter().flatten().take(MAX_FILES) {
        if let Some(kind) = kind(&name) {
            // One that can't be removed is as good as one that is not over.
            let _ = remove_if_over(directory, &name, kind);
        }
    }
}

fn remove_if_over(directory: &Directory, name: &CStr, kind: &str) -> io::Result<()> {
    let file = directory.open_file(name, sys::O_RDONLY)?;
    let unix_now = Now::read().unix;
    if (unix_now / 1000).saturating_sub(file.metadata()?.mtime()) < DAY {
        return Ok(());
    }
    if kind == LOCK {
        return match FileLock::take(directory, name, Uptime::now())? {
            Taken::Ours(_lock) => directory.remove(name),
            Taken::Others(_) => Ok(()),
        };
    }
    let is_over = || Ok::<_, io::Error>(directory.read(name)?.is_none_or(|bytes| record::is_over(&bytes, unix_now)));
    if kind == NEW || is_over()? { directory.remove(name) } else { Ok(()) }
}
