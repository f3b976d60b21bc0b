//! A good object whose token is not one, or just still one.

use crate::answer::Answer;
use crate::fault::{Fault, answer};
use crate::jwt;
use crate::verdict::{BAD_RESPONSE, OK};

pub(super) const FAULTS: &[Fault] = &[
    answer("token-missing", "has other fields, no token", BAD_RESPONSE, || {
        Answer::json(200, r#"{"detail":"Welcome back."}"#)
    }),
    answer("token-in-other-case", "calls it Token", BAD_RESPONSE, || {
        Answer::json(200, r#"{"Token":"eyJ.other.case"}"#)
    }),
    answer("token-nested", "has its token a level deeper", BAD_RESPONSE, || {
        Answer::json(200, r#"{"data":{"token":"eyJ.deep.down"}}"#)
    }),
    answer("token-empty", "has an empty token", BAD_RESPONSE, || value(r#""""#)),
    answer("token-null", "has a token of null", BAD_RESPONSE, || value("null")),
    answer("token-number", "has a number as its token", BAD_RESPONSE, || value("12345")),
    answer("token-boolean", "has true as its token", BAD_RESPONSE, || value("true")),
    answer("token-object", "has an object as its token", BAD_RESPONSE, || value(r#"{"jwt":"eyJ.in.object"}"#)),
    answer("token-list", "has a list as its token", BAD_RESPONSE, || value(r#"["eyJ.in.list"]"#)),
    answer("token-with-crlf", "has a token that would begin a header of its own", BAD_RESPONSE, || {
        value(r#""eyJ.with.crlf\r\nX-Injected: yes""#)
    }),
    answer("token-with-line-feed", "has a token that ends in a line feed", BAD_RESPONSE, || {
        value(r#""eyJ.with.lf\n""#)
    }),
    answer("token-with-nul", "has a NUL in its token", BAD_RESPONSE, || value(r#""eyJ.with.nul\u0000tail""#)),
    answer("token-with-tab", "has a tab in its token", BAD_RESPONSE, || value(r#""eyJ.with\t.tab""#)),
    answer("token-with-delete", "has the control character DEL in its token", BAD_RESPONSE, || {
        value(r#""eyJ.with\u007f.del""#)
    }),
    answer("token-with-space", "has a space in its token", BAD_RESPONSE, || value(r#""eyJ.with .space""#)),
    answer("token-non-ascii", "has a token of other letters", BAD_RESPONSE, || value(r#""eyJ.tökén.ключ""#)),
    answer("token-invalid-utf8", "has bytes that are no UTF-8 in its token", BAD_RESPONSE, || {
        Answer::json(200, [&br#"{"token":"eyJ."#[..], &[0xff, 0xc3, 0x28], br#".sig"}"#].concat())
    }),
    answer("token-of-8k", "has a token of exactly 8 KiB", OK, || Answer::token(&jwt::of_length(8192))),
    answer("token-over-8k", "has a token of one byte more than 8 KiB", BAD_RESPONSE, || {
        Answer::token(&jwt::of_length(8193))
    }),
    answer("token-of-60k", "has a token of 60,000 bytes", BAD_RESPONSE, || Answer::token(&jwt::of_length(60_000))),
    answer("token-no-jwt", "has a token that is no JWT: abc", OK, || value(r#""abc""#)),
    answer("token-all-ascii", "has a token of every visible ASCII character", OK, || {
        let visible: String = (b'!'..=b'~').map(char::from).collect();
        Answer::token(&visible.replace('\\', r"\\").replace('"', r#"\""#))
    }),
];

/// An object whose token is this piece of JSON.
fn value(json: &str) -> Answer {
    Answer::json(200, format!(r#"{{"token":{json}}}"#))
}
