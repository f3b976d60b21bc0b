//! JSON that is broken, of another shape, or made to hurt its reader.

use crate::answer::Answer;
use crate::fault::{Fault, answer};
use crate::jwt;
use crate::verdict::{BAD_RESPONSE, CUT_SHORT, OK};

pub(super) const FAULTS: &[Fault] = &[
    answer("json-array", "answers with an array that holds the object", BAD_RESPONSE, || ok(format!("[{}]", object()))),
    answer("json-string", "answers with the token alone, as a string", BAD_RESPONSE, || {
        ok(format!(r#""{}""#, jwt::token()))
    }),
    answer("json-number", "answers with a number", BAD_RESPONSE, || ok("17")),
    answer("json-null", "answers with null", BAD_RESPONSE, || ok("null")),
    answer("json-empty-object", "answers with an empty object", BAD_RESPONSE, || ok("{}")),
    answer("json-bom", "puts a byte order mark before a good object", BAD_RESPONSE, || {
        ok(format!("\u{feff}{}", object()))
    }),
    answer("json-utf16", "gives a good object in UTF-16", BAD_RESPONSE, || {
        ok(object().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
    }),
    answer("json-trailing-garbage", "puts something after a good object", BAD_RESPONSE, || {
        ok(format!("{} tail", object()))
    }),
    answer("json-second-object", "puts a second object after a good one", BAD_RESPONSE, || {
        ok(format!("{0}{0}", object()))
    }),
    answer("json-trailing-nul", "puts a NUL after a good object", BAD_RESPONSE, || ok(format!("{}\0", object()))),
    answer("json-trailing-comma", "has a comma too many", BAD_RESPONSE, || {
        ok(format!(r#"{{"token":"{}",}}"#, jwt::token()))
    }),
    answer("json-single-quotes", "quotes with apostrophes", BAD_RESPONSE, || {
        ok(format!("{{'token':'{}'}}", jwt::token()))
    }),
    answer("json-truncated", "ends amid its JSON, in a body of the right length", CUT_SHORT, || {
        let object = object();
        ok(&object[..object.len() - 2])
    }),
    answer("json-invalid-utf8", "has bytes that are no UTF-8 beside the token", BAD_RESPONSE, || {
        ok([br#"{"name":""#, &[0xff, 0xc3, 0x28][..], br#"","token":""#, jwt::token().as_bytes(), br#""}"#].concat())
    }),
    answer("json-lone-surrogate", "has half a surrogate pair beside the token", OK, || {
        ok(format!(r#"{{"name":"\ud800","token":"{}"}}"#, jwt::token()))
    }),
    answer("json-deep", "nests arrays 30,000 deep beside the token, within 64 KiB", OK, || ok(nested(30_000))),
    answer("json-very-deep", "nests arrays 100,000 deep beside the token", BAD_RESPONSE, || ok(nested(100_000))),
    answer("json-deep-alone", "is nothing but 60,000 opening brackets", BAD_RESPONSE, || ok("[".repeat(60_000))),
    answer("duplicate-token", "has the key token twice", BAD_RESPONSE, || {
        ok(format!(r#"{{"token":"{}","token":"eyJ.second.token"}}"#, jwt::token()))
    }),
    answer("duplicate-token-escaped", "has the key token twice, once in an escape", BAD_RESPONSE, || {
        ok(format!(r#"{{"token":"{}","\u0074oken":"eyJ.second.token"}}"#, jwt::token()))
    }),
];

fn ok(body: impl Into<Vec<u8>>) -> Answer {
    Answer::json(200, body)
}

fn object() -> String {
    format!(r#"{{"token":"{}"}}"#, jwt::token())
}

fn nested(levels: usize) -> String {
    format!(r#"{{"deep":{}{},"token":"{}"}}"#, "[".repeat(levels), "]".repeat(levels), jwt::token())
}
