//! SharedStore: what a store can do, wherever it is.

use std::fmt;
use std::io;

use super::record::{StoredBackoff, StoredToken};
use crate::clock::Uptime;

/// What several processes know of one account, under one name. `Debug` says where it is.
pub(crate) trait SharedStore: fmt::Debug + Send + Sync {
    /// `None` when there is none, or none that this version can read.
    fn read_token(&self) -> io::Result<Option<StoredToken>>;

    /// As `read_token`.
    fn read_backoff(&self) -> io::Result<Option<StoredBackoff>>;

    /// Takes the lock if nobody has it. The holder means to let go of it before `until`. Never waits.
    fn try_lock(&self, until: Uptime) -> io::Result<TryLock>;

    /// Takes no lock.
    fn remove_backoff(&self) -> io::Result<()>;
}

/// The right to write, until it is dropped or the process ends.
pub(crate) trait StoreLock {
    fn write_token(&self, token: &StoredToken) -> io::Result<()>;
    fn write_backoff(&self, backoff: &StoredBackoff) -> io::Result<()>;
    /// Writes as much as the longest record takes, and removes it.
    fn try_to_write(&self) -> io::Result<()>;
    fn remove_token(&self) -> io::Result<()>;
    fn remove_backoff(&self) -> io::Result<()>;
}

pub(crate) enum TryLock {
    Acquired(Box<dyn StoreLock>),
    /// By another. `until`: when its holder means to have finished, if that is known.
    Held {
        until: Option<Uptime>,
    },
}
