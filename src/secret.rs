//! Secret: a string that is wiped on drop and never printed; a hash that leaves nothing of what it read; randomness.

#[cfg(any(feature = "capi", test))]
use std::ffi::CStr;
use std::ffi::CString;
use std::fmt;
use std::time::Duration;

use ring::digest::{Context, SHA256};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Result, Status};

/// A NUL-terminated UTF-8 string (without inner NUL) that C may borrow. Wiped on drop; `Debug` shows none of it.
pub(crate) struct Secret(CString);

impl Secret {
    /// Joins `parts` in one allocation of the right size, so that no half-grown copy stays behind.
    /// `None` when a part has a NUL.
    pub(crate) fn join(parts: &[&str]) -> Option<Secret> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        for part in parts {
            bytes.extend_from_slice(part.as_bytes());
        }
        if bytes.contains(&0) {
            return None;
        }
        // With room for the NUL, CString takes the allocation over as it is.
        CString::new(std::mem::take(&mut *bytes)).ok().map(Secret)
    }

    #[cfg(any(feature = "capi", test))]
    pub(crate) fn as_c_str(&self) -> &CStr {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        // Made from `&str` parts: always UTF-8. An empty string is what a reader could bear if that ever broke.
        self.0.to_str().unwrap_or_default()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// SHA-256 of `parts`, each with its length, so that no two lists of parts are the same bytes. Leaves no copy of them.
pub(crate) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let hash = sha256(parts, true);
    wipe_stack();
    hash
}

/// SHA-256 of `bytes` alone, likewise.
pub(crate) fn checksum(bytes: &[u8]) -> [u8; 32] {
    let hash = sha256(&[bytes], false);
    wipe_stack();
    hash
}

/// ring keeps the last block of its input in a context on the stack, and its assembly the blocks before.
#[inline(never)]
fn sha256(parts: &[&[u8]], with_lengths: bool) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        if with_lengths {
            context.update(&(part.len() as u64).to_be_bytes());
        }
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// What a function that was called from the same place has just left behind.
#[inline(never)]
fn wipe_stack() {
    const DEPTH: usize = if cfg!(debug_assertions) { 16 * 1024 } else { 4 * 1024 };
    let mut below = [0u64; DEPTH / 8];
    below.zeroize();
    std::hint::black_box(&mut below);
}

/// Lower-case digits of the first half of a hash.
pub(crate) fn hex(hash: &[u8; 32]) -> String {
    hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// From the system's generator.
pub(crate) fn random<const LENGTH: usize>() -> Result<[u8; LENGTH]> {
    let failed = |_| Error::new(Status::Internal, "the system's random number generator failed");
    let mut bytes = [0; LENGTH];
    SystemRandom::new().fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Any duration up to `longest`, for waits that should not all end at once.
pub(crate) fn random_duration(longest: Duration) -> Duration {
    let part = u128::from(u32::from_ne_bytes(random().unwrap_or_default()));
    Duration::from_nanos(u64::try_from((longest.as_nanos() * part) >> 32).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_refuses_nul() {
        let secret = Secret::join(&["Authorization: JWT ", "abc"]).unwrap();
        assert_eq!(secret.as_str(), "Authorization: JWT abc");
        assert_eq!(secret.as_c_str().to_bytes_with_nul().last(), Some(&0));
        assert!(Secret::join(&["a\0b"]).is_none());
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::join(&["hunter2"])), "Some([secret])");
    }

    #[test]
    fn each_part_of_a_hash_counts() {
        assert_eq!(hash(&[b"ada", b"secret"]), hash(&[b"ada", b"secret"]));
        for other in [[&b"adas"[..], b"ecret"], [b"ada", b"Secret"], [b"", b"adasecret"]] {
            assert_ne!(hash(&[b"ada", b"secret"]), hash(&other));
        }
        assert_eq!(hex(&[0xab; 32]), "ab".repeat(16));
    }
}
