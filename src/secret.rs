//! Secret: a string that is wiped on drop and never printed.

#[cfg(any(feature = "capi", test))]
use std::ffi::CStr;
use std::ffi::CString;
use std::fmt;

use zeroize::{Zeroize, Zeroizing};

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
}
