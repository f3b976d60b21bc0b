#![no_main]
//! Retry-After, in seconds or as a date against the answer's own. The input is the value of each, on a line of its own;
//! its first bytes are two points in time, too, of which the wait is known.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use testpress::fuzzing::retry_after;

const DAY: u64 = 86_400;
/// 9999-12-31T23:59:59Z: no HTTP date is later.
const LAST: u64 = 253_402_300_799;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|&byte| byte == b'\n');
    let (value, date) = (lines.next().unwrap_or_default(), lines.next());
    check(value, date);
    if let Some((numbers, _)) = input.split_first_chunk::<16>() {
        let number = u128::from_le_bytes(*numbers);
        check_dates((number as u64) % (LAST + 1), ((number >> 64) as u64) % (LAST + 1));
    }
});

fn wait(value: &[u8], date: Option<&[u8]>) -> Option<u64> {
    let mut headers = vec![(&b"Retry-After"[..], value)];
    headers.extend(date.map(|date| (&b"Date"[..], date)));
    retry_after(&headers)
}

fn check(value: &[u8], date: Option<&[u8]>) {
    let found = wait(value, date);
    assert!(found.is_none_or(|seconds| seconds <= DAY), "{found:?}");
    let whole = value;
    let value = value.trim_ascii();
    if !is_header_value(whole) || !date.is_none_or(is_header_value) {
        assert_eq!(found, None, "from a head that no answer can have");
    } else if !value.is_empty() && value.iter().all(u8::is_ascii_digit) {
        assert_eq!(found, Some(capped(value)));
    } else if let Some(found) = found {
        let then = date_of(value).unwrap_or_else(|| panic!("{found} s from {value:?}"));
        if let Some(now) = date.and_then(date_of) {
            assert_eq!(Duration::from_secs(found), then.duration_since(now).unwrap_or_default().min(days(1)));
        }
    }
}

/// The number that the digits are, as long as it is a day or less.
fn capped(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| (number * 10 + u64::from(digit - b'0')).min(DAY))
}

fn check_dates(then: u64, now: u64) {
    let date = |seconds| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    let found = wait(date(then).as_bytes(), Some(date(now).as_bytes()));
    assert_eq!(found, Some(then.saturating_sub(now).min(DAY)), "from {now} to {then}");
}

fn date_of(text: &[u8]) -> Option<SystemTime> {
    httpdate::parse_http_date(std::str::from_utf8(text).ok()?.trim()).ok()
}

fn is_header_value(text: &[u8]) -> bool {
    http::HeaderValue::from_bytes(text).is_ok()
}

fn days(count: u32) -> Duration {
    Duration::from_secs(DAY) * count
}
