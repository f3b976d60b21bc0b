//! Records: what is kept of a token and of a back-off, as a line with format and checksum, then JSON.
//!
//! What can't be read, of whatever version, counts as absent. Neither the origin nor the user is in it: they are in the
//! record's name, as a hash.

use serde::Serialize;
use serde_json::Value;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::secret;

/// A token, and what tells on another day how long it is good. Without `Debug`: it is a secret.
///
/// Moments are Unix milliseconds of this machine.
#[derive(Clone, PartialEq, Eq, Serialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct StoredToken {
    /// Empty when the last one was rejected and has not been replaced.
    pub(crate) jwt: String,
    /// Seconds.
    pub(crate) lifetime: Option<i64>,
    /// Seconds that the server's clock was ahead of this machine's.
    pub(crate) skew: i64,
    /// When a login got it in place of a rejected one; without a JWT, when that was rejected.
    pub(crate) replaced_at: Option<i64>,
    /// It was rejected as well, and is kept until then all the same.
    pub(crate) kept_until: Option<i64>,
    /// When the record is of no more use, if ever.
    pub(crate) ends_at: Option<i64>,
}

/// How the last login failed, and until when nobody asks the server again. Moments as above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct StoredBackoff {
    pub(crate) status: i32,
    pub(crate) since: i64,
    /// Not after `since` where only a renewal should wait.
    pub(crate) until: i64,
    /// How many logins in a row failed so.
    pub(crate) failures: u32,
    pub(crate) ends_at: Option<i64>,
}

const FORMAT: &str = "testpress-store 2 ";
/// A token of 8 KiB, all of which JSON may have to escape, and some.
pub(super) const MAX_BYTES: u64 = 20 * 1024;

pub(super) fn write<T: Serialize>(value: &T) -> Zeroizing<Vec<u8>> {
    let mut json = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize));
    serde_json::to_writer(&mut *json, value).expect("strings and numbers are always JSON, and a Vec takes every write");
    let head = format!("{FORMAT}{}\n", checksum(&json));
    let mut record = Zeroizing::new(Vec::with_capacity(head.len() + json.len()));
    record.extend_from_slice(head.as_bytes());
    record.extend_from_slice(&json);
    record
}

fn read(record: &[u8]) -> Option<Value> {
    let rest = record.strip_prefix(FORMAT.as_bytes())?;
    let (sum, json) = rest.split_at(rest.iter().position(|&byte| byte == b'\n')?);
    let json = &json[1..];
    if sum != checksum(json).as_bytes() {
        return None;
    }
    serde_json::from_slice(json).ok()
}

impl StoredToken {
    pub(super) fn read(record: &[u8]) -> Option<StoredToken> {
        let mut value = read(record)?;
        let number = |name| value.get(name).and_then(Value::as_i64);
        let (lifetime, skew, ends_at) = (number("lifetime"), number("skew")?, number("ends_at"));
        let (replaced_at, kept_until) = (number("replaced_at"), number("kept_until"));
        // Taken out, not copied: it is a secret.
        let Some(Value::String(jwt)) = value.get_mut("jwt").map(Value::take) else { return None };
        Some(StoredToken { jwt, lifetime, skew, replaced_at, kept_until, ends_at })
    }
}

impl StoredBackoff {
    pub(super) fn read(record: &[u8]) -> Option<StoredBackoff> {
        let value = read(record)?;
        let number = |name| value.get(name).and_then(Value::as_i64);
        let status = i32::try_from(number("status")?).ok()?;
        let failures = u32::try_from(number("failures")?).ok()?;
        let (since, until) = (number("since")?, number("until")?);
        Some(StoredBackoff { status, since, until, failures, ends_at: number("ends_at") })
    }
}

/// Whether a record of either kind can be removed: it has ended, or this version can't read it.
pub(super) fn is_over(record: &[u8], unix_now: i64) -> bool {
    let ends_at = |value: Value| value.get("ends_at").and_then(Value::as_i64);
    read(record).is_none_or(|value| ends_at(value).is_some_and(|end| end <= unix_now))
}

fn checksum(json: &[u8]) -> String {
    secret::hex(&secret::checksum(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> StoredToken {
        let jwt = "eyJ.x.y".to_owned();
        StoredToken { jwt, lifetime: Some(300), skew: -2, replaced_at: None, kept_until: None, ends_at: Some(5) }
    }

    #[test]
    fn what_is_written_is_read() {
        assert!(StoredToken::read(&write(&token())) == Some(token()));
        let backoff = StoredBackoff { status: 20, since: 5, until: 65, failures: 3, ends_at: None };
        assert_eq!(StoredBackoff::read(&write(&backoff)), Some(backoff));
    }

    #[test]
    fn a_record_with_any_byte_changed_or_missing_is_absent() {
        let whole = write(&token());
        for at in 0..whole.len() {
            assert!(StoredToken::read(&whole[..at]).is_none(), "cut at {at}");
            let mut damaged = whole.to_vec();
            damaged[at] ^= 1;
            assert!(StoredToken::read(&damaged).is_none(), "damaged at {at}");
        }
        let mut longer = whole.to_vec();
        longer.push(b' ');
        assert!(StoredToken::read(&longer).is_none());
    }

    #[test]
    fn every_token_fits() {
        let (jwt, moment) = ("\"".repeat(8192), Some(i64::MIN));
        let token = StoredToken {
            jwt,
            lifetime: moment,
            skew: i64::MIN,
            replaced_at: moment,
            kept_until: moment,
            ends_at: moment,
        };
        assert!(write(&token).len() as u64 <= MAX_BYTES);
    }

    #[test]
    fn records_of_other_versions_are_absent_and_over() {
        let json = br#"{"jwt":"eyJ","skew":0,"ends_at":9}"#;
        for head in ["testpress-store 1 ", "testpress-store 3 ", "testpress-store 2\n", "", "something else "] {
            let file = [format!("{head}{}\n", checksum(json)).as_bytes(), json].concat();
            assert!(StoredToken::read(&file).is_none() && is_over(&file, 0), "{head:?}");
        }
    }

    #[test]
    fn a_record_is_over_at_its_end() {
        let whole = write(&token());
        assert!(!is_over(&whole, 4) && is_over(&whole, 5));
        let mut endless = token();
        endless.ends_at = None;
        assert!(!is_over(&write(&endless), i64::MAX));
    }
}
