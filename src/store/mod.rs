//! Store: tokens that several processes share. Paths, bytes and locks; what they mean is the session's business.
//!
//! Never a password. A store that fails is passed over: a login still works.

mod file;
mod record;
mod shared_store;

use std::sync::Arc;

use self::file::FileStore;
pub(crate) use self::record::{StoredBackoff, StoredToken};
pub(crate) use self::shared_store::{SharedStore, StoreLock, TryLock};
use crate::config::StoreLocation;
use crate::log::Log;

/// The records called `name`; `None` when tokens stay in memory.
pub(crate) fn open(location: &StoreLocation, name: String, log: &Log) -> Option<Arc<dyn SharedStore>> {
    match location {
        StoreLocation::Memory => None,
        location => Some(Arc::new(FileStore::new(location.clone(), name, log.clone()))),
    }
}
