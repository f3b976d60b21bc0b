//! The names of a store's files: the hash of an account, and a kind.

use std::ffi::{CStr, CString};

pub(super) const TOKEN: &str = "token";
pub(super) const BACKOFF: &str = "backoff";
pub(super) const LOCK: &str = "lock";
/// A file that is being written.
pub(super) const NEW: &str = "new";
/// As version 1 called a back-off.
const OLD: &str = "rest";

pub(super) fn file(account: &str, kind: &str) -> CString {
    // Neither a hash nor a kind has a NUL.
    CString::new(format!("{account}.{kind}")).unwrap_or_default()
}

/// The kind of a file that can be a store's.
pub(super) fn kind(name: &CStr) -> Option<&str> {
    let (account, kind) = name.to_str().ok()?.split_once('.')?;
    let is_hash = account.len() == 32 && account.bytes().all(|b| b.is_ascii_hexdigit());
    (is_hash && [TOKEN, BACKOFF, LOCK, NEW, OLD].contains(&kind)).then_some(kind)
}
