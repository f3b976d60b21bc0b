//! Store: where sessions of many processes keep their token. Never a password, nor anything made from one.
//!
//! A store that fails is passed over: a login still works. What it says is taken for a hint, never for a fact.

mod directory;
mod file;
mod lock;
mod record;

use std::path::PathBuf;

pub(crate) use self::file::{FileStore, Version};
pub(crate) use self::lock::{Lock, Turn};
pub(crate) use self::record::{StoredRest, StoredToken};

/// The option `store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Memory,
    /// `None`: a directory of the user's own.
    File(Option<PathBuf>),
}
