//! What a file of the store holds: a line with format and checksum, then JSON.
//!
//! What can't be read, of whatever version, is absent. The origin and the user are not in it: they are in the file's
//! name, as a hash.

use std::time::Duration;

use ring::digest::{SHA256, digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::clock::unix_milliseconds;
use crate::status::Status;

/// A token, and what tells its validity on another day. Without `Debug`: it is a secret.
#[derive(PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct StoredToken {
    pub(crate) jwt: String,
    /// Seconds.
    pub(crate) lifetime: Option<i64>,
    /// Seconds that the server's clock was ahead of this machine's.
    pub(crate) skew: i64,
    /// Unix seconds of this machine: when it was got in place of a rejected one. Without a JWT: when that was rejected.
    #[serde(default)]
    pub(crate) replaced_at: Option<i64>,
}

/// How the last login failed, and until when nobody is to ask the server again: not at all where both moments are one.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRest {
    pub(crate) status: i32,
    /// Unix milliseconds of this machine.
    pub(crate) since: i64,
    pub(crate) until: i64,
}

impl StoredRest {
    pub(crate) fn new(status: Status, length: Duration) -> StoredRest {
        let since = unix_milliseconds();
        let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
        StoredRest { status: status.code(), since, until: since.saturating_add(length) }
    }
}

impl StoredToken {
    /// Whether a rejected token was replaced, or is to be replaced, by it, and that was less than `time` ago.
    pub(crate) fn replaced_within(&self, time: Duration, unix_now: i64) -> bool {
        let ago = self.replaced_at.map(|at| unix_now.saturating_sub(at));
        ago.is_some_and(|ago| u64::try_from(ago).is_ok_and(|ago| ago < time.as_secs()))
    }
}

const FORMAT: &str = "testpress-store 1 ";
/// A token of 8 KiB, all of which JSON may have to escape, and some.
pub(super) const MOST_BYTES: u64 = 20 * 1024;

pub(super) fn write<T: Serialize>(value: &T) -> Zeroizing<Vec<u8>> {
    let mut json = Zeroizing::new(Vec::with_capacity(MOST_BYTES as usize));
    serde_json::to_writer(&mut *json, value).expect("strings and numbers are always JSON, and a Vec takes every write");
    let head = format!("{FORMAT}{}\n", checksum(&json));
    let mut file = Zeroizing::new(Vec::with_capacity(head.len() + json.len()));
    file.extend_from_slice(head.as_bytes());
    file.extend_from_slice(&json);
    file
}

pub(super) fn read<T: DeserializeOwned>(file: &[u8]) -> Option<T> {
    let rest = file.strip_prefix(FORMAT.as_bytes())?;
    let (sum, json) = rest.split_at(rest.iter().position(|&byte| byte == b'\n')?);
    let json = &json[1..];
    if sum != checksum(json).as_bytes() {
        return None;
    }
    serde_json::from_slice(json).ok()
}

fn checksum(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> StoredToken {
        StoredToken { jwt: "eyJ.x.y".to_owned(), lifetime: Some(300), skew: -2, replaced_at: None }
    }

    #[test]
    fn what_is_written_is_read() {
        assert!(read::<StoredToken>(&write(&token())) == Some(token()));
        let rest = StoredRest { status: 20, since: 5, until: 65 };
        assert_eq!(read::<StoredRest>(&write(&rest)), Some(rest));
    }

    #[test]
    fn a_file_with_any_byte_changed_or_missing_is_absent() {
        let whole = write(&token());
        for at in 0..whole.len() {
            assert!(read::<StoredToken>(&whole[..at]).is_none(), "cut at {at}");
            let mut damaged = whole.to_vec();
            damaged[at] ^= 1;
            assert!(read::<StoredToken>(&damaged).is_none(), "damaged at {at}");
        }
        let mut longer = whole.to_vec();
        longer.push(b' ');
        assert!(read::<StoredToken>(&longer).is_none());
    }

    #[test]
    fn every_token_fits() {
        let token = StoredToken {
            jwt: "\"".repeat(8192),
            lifetime: Some(i64::MIN),
            skew: i64::MIN,
            replaced_at: Some(i64::MIN),
        };
        assert!(write(&token).len() as u64 <= MOST_BYTES);
    }

    #[test]
    fn foreign_and_future_files_are_absent() {
        let json = br#"{"jwt":"eyJ","skew":0}"#;
        for head in ["testpress-store 2 ", "testpress-store 1\n", "", "something else "] {
            let file = [format!("{head}{}\n", checksum(json)).as_bytes(), json].concat();
            assert!(read::<StoredToken>(&file).is_none(), "{head:?}");
        }
    }
}
