//! No fault at all: what a client sends is looked at here, and what it must put up with.

use crate::answer::Answer;
use crate::connection::Ending;
use crate::fault::{Door, Fault, answer, script};
use crate::jwt;
use crate::verdict::OK;

pub(super) const FAULTS: &[Fault] = &[
    answer("ok", "logs in, keeps the connection alive", OK, good),
    answer("ok-plain", "logs in, over plain HTTP", OK, good).behind(Door::Plain),
    answer("ok-tls12", "logs in, in TLS 1.2", OK, good).behind(Door::OldTls),
    script("ok-close", "logs in, then closes the connection as its answer says", OK, |c| {
        c.read_request()?;
        c.answer(&good().header("Connection", "close"))?;
        Ok(Ending::Close)
    }),
    answer("ok-201", "logs in with 201 and a pk, as drf-jwt does", OK, || {
        Answer::json(201, format!(r#"{{"pk":17,"token":"{}"}}"#, jwt::token()))
    }),
    answer("ok-extra-fields", "logs in with fields nobody knows beside the token", OK, || {
        let token = jwt::token();
        Answer::json(200, format!(r#"{{"user":{{"token":"inner"}},"list":[1,null],"token":"{token}","é":1e400}}"#))
    }),
    answer("ok-wide-json", "logs in with blanks and line breaks between everything", OK, || {
        Answer::json(200, format!("\r\n\t {{ \n\"token\" \t:\r\n \"{}\"\n}} \r\n\n", jwt::token()))
    }),
    answer("ok-escaped-json", "logs in with the token spelled in \\u escapes", OK, || {
        Answer::json(200, format!(r#"{{"\u0074oken":"{}"}}"#, escaped(&jwt::token())))
    }),
    answer("ok-other-content-type", "logs in with JSON that is called text/plain", OK, || {
        Answer::token(&jwt::token()).replacing("Content-Type", "text/plain")
    }),
    answer("ok-no-content-type", "logs in with JSON that is called nothing", OK, || good().without("Content-Type")),
    answer("ok-many-headers", "logs in with 60 cookies and policies on top", OK, || {
        (0..60).fold(good(), |answer, number| answer.header(&format!("X-Policy-{number}"), "default-src 'self'"))
    }),
];

/// The answer to a good login.
pub(super) fn good() -> Answer {
    Answer::token(&jwt::token())
}

fn escaped(text: &str) -> String {
    text.chars().map(|character| format!("\\u{:04x}", u32::from(character))).collect()
}
