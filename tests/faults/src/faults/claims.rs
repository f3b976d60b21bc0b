//! Good tokens with odd claims. Claims are a hint and never a reason to refuse a login.

use crate::answer::Answer;
use crate::fault::{Fault, answer};
use crate::jwt;
use crate::verdict::OK;

pub(super) const FAULTS: &[Fault] = &[
    answer("no-exp", "has no exp", OK, || claims(r#"{"username":"ada","user_id":17}"#)),
    answer("exp-string", "has an exp that is text", OK, || claims(r#"{"user_id":17,"exp":"tomorrow"}"#)),
    answer("exp-digits", "has an exp that is text of digits", OK, || claims(r#"{"user_id":17,"exp":"4102444800"}"#)),
    answer("exp-null", "has an exp of null", OK, || claims(r#"{"user_id":17,"exp":null}"#)),
    answer("exp-fraction", "has an exp with a fraction", OK, || claims(r#"{"user_id":17,"exp":4102444800.75}"#)),
    answer("exp-negative", "has an exp of -1", OK, || claims(r#"{"user_id":17,"exp":-1}"#)),
    answer("exp-past", "has an exp that was long ago", OK, || claims(r#"{"user_id":17,"exp":1464340385}"#)),
    answer("exp-1e400", "has an exp of 1e400", OK, || claims(r#"{"user_id":17,"exp":1e400}"#)),
    answer("exp-beyond-64-bits", "has an exp of more than 64 bits", OK, || {
        claims(r#"{"user_id":17,"exp":99999999999999999999999}"#)
    }),
    answer("exp-most", "has the greatest exp of 64 bits", OK, || claims(r#"{"user_id":17,"exp":9223372036854775807}"#)),
    answer("username-integer", "has an integer as username", OK, || {
        claims(r#"{"username":13956,"user_id":13956,"email":"ada@example.com","exp":4102444800}"#)
    }),
    answer("username-null", "has null as username", OK, || claims(r#"{"username":null,"user_id":17}"#)),
    answer("username-control", "has a NUL and a line break in its username", OK, || {
        claims(r#"{"username":"a\u0000b\r\nc","user_id":17}"#)
    }),
    answer("user-id-string", "has a user_id that is text", OK, || claims(r#"{"username":"ada","user_id":"17"}"#)),
    answer("user-id-beyond-64-bits", "has a user_id of more than 64 bits", OK, || {
        claims(r#"{"username":"ada","user_id":99999999999999999999999}"#)
    }),
    answer("claims-array", "has an array where claims should be", OK, || claims("[1,2,3]")),
    answer("claims-no-json", "has a payload that is no JSON", OK, || claims("not json at all")),
    answer("claims-no-utf8", "has a payload that is no UTF-8", OK, || claims([0xff, 0xfe, 0x00])),
    answer("claims-duplicate", "has the claim exp twice", OK, || claims(r#"{"user_id":17,"exp":1,"exp":4102444800}"#)),
    answer("claims-deep", "nests 2,500 arrays in a claim", OK, || {
        claims(format!(r#"{{"user_id":17,"deep":{}{}}}"#, "[".repeat(2500), "]".repeat(2500)))
    }),
    answer("claims-no-base64", "has a payload that is no base64", OK, || Answer::token("eyJ.***.sig")),
    answer("claims-padded", "has a payload in base64 with padding", OK, || {
        Answer::token("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxN30=.c2ln")
    }),
];

fn claims(payload: impl AsRef<[u8]>) -> Answer {
    Answer::token(&jwt::with_payload(payload))
}
