//! Bodies that are no JSON object with a token, however well they are framed.

use crate::answer::Answer;
use crate::fault::{Fault, answer};
use crate::faults::well_behaved::good;
use crate::jwt;
use crate::verdict::{BAD_RESPONSE, OK};

pub(super) const FAULTS: &[Fault] = &[
    answer("no-content", "answers 204 with no body", BAD_RESPONSE, || {
        Answer::json(204, "").without("Content-Length").without("Content-Type")
    }),
    answer("empty-body", "answers 200 with an empty body", BAD_RESPONSE, || Answer::json(200, "")),
    answer("reset-content", "answers 205 with no body", BAD_RESPONSE, || Answer::json(205, "")),
    answer("captive-portal", "answers 200 with a page that wants a click", BAD_RESPONSE, || {
        Answer::html(200, "Welcome to Airport WiFi")
    }),
    answer("captive-portal-as-json", "answers 200 with such a page, called JSON", BAD_RESPONSE, || {
        Answer::html(200, "Welcome to Airport WiFi").replacing("Content-Type", "application/json")
    }),
    answer("gzip", "answers in gzip that nobody asked for", BAD_RESPONSE, || {
        Answer::json(200, GZIP).header("Content-Encoding", "gzip")
    }),
    answer("gzip-in-name-only", "calls a plain good answer gzip", BAD_RESPONSE, || {
        good().header("Content-Encoding", "gzip")
    }),
    answer("coding-unknown", "calls a plain good answer zstd", BAD_RESPONSE, || {
        good().header("Content-Encoding", "zstd")
    }),
    answer("coding-identity", "gives a good answer and calls its coding identity", OK, || {
        good().header("Content-Encoding", "identity")
    }),
    answer("form-body", "answers 200 with a form instead of JSON", BAD_RESPONSE, || {
        Answer::new(200, "application/x-www-form-urlencoded", format!("token={}", jwt::token()))
    }),
    answer("body-of-64k", "gives a good answer of exactly 64 KiB", OK, || padded(64 * 1024)),
    answer("body-over-64k", "gives a good answer of one byte more than 64 KiB", BAD_RESPONSE, || padded(64 * 1024 + 1)),
    answer("body-of-1m", "gives a good answer of 1 MiB", BAD_RESPONSE, || padded(1024 * 1024)),
];

/// A good answer whose body has that many bytes.
fn padded(length: usize) -> Answer {
    let start = format!(r#"{{"token":"{}","#, jwt::token());
    let padding = length - start.len() - r#""pad":""}"#.len();
    Answer::json(200, format!(r#"{start}"pad":"{}"}}"#, "x".repeat(padding)))
}

/// `{"token":"eyJ.gzip.token"}`, compressed.
const GZIP: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x2a, 0xc9, 0xcf, 0x4e, 0xcd, 0x53, 0xb2,
    0x52, 0x4a, 0xad, 0xf4, 0xd2, 0x4b, 0xaf, 0xca, 0x2c, 0xd0, 0x83, 0x08, 0xd4, 0x02, 0x00, 0x0a, 0x6d, 0x06, 0xf5,
    0x1a, 0x00, 0x00, 0x00,
];
