//! Echo: a secret in a server's own words. Some servers repeat what they were sent, or hand out a token with a refusal;
//! what does so is not repeated by an error.

use serde_json::Value;
use zeroize::Zeroizing;

/// What no text may have in it: the password, as it is or as JSON has it, and anything like a JWT.
pub(super) struct Echo<'a> {
    password: &'a str,
    escaped: Zeroizing<Vec<u8>>,
}

impl<'a> Echo<'a> {
    /// Fewer bytes than this stand in many a sentence by chance.
    const LEAST: usize = 4;
    /// `{"` in base64: how the header of a JWT begins.
    const JWT: &'static str = "eyJ";

    pub(super) fn of(password: &'a str) -> Echo<'a> {
        // Never grows, so that no part of it stays behind.
        let mut escaped = Zeroizing::new(Vec::with_capacity(6 * password.len() + 2));
        serde_json::to_writer(&mut *escaped, password).expect("a string is always JSON, and a Vec takes every write");
        Echo { password, escaped }
    }

    pub(super) fn is_in_text(&self, text: &str) -> bool {
        text.contains(Self::JWT) || self.password_is_in(text)
    }

    /// In a text, a number or a name, however deep; a field called "token" counts whatever it holds.
    pub(super) fn is_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.is_in_text(text),
            Value::Number(number) => self.password_is_in(&number.to_string()),
            Value::Array(values) => values.iter().any(|value| self.is_in(value)),
            Value::Object(object) => {
                object.iter().any(|(name, value)| name == "token" || self.is_in_text(name) || self.is_in(value))
            }
            Value::Bool(_) | Value::Null => false,
        }
    }

    fn password_is_in(&self, text: &str) -> bool {
        self.password.len() >= Self::LEAST && (text.contains(self.password) || text.contains(self.escaped_text()))
    }

    /// Without its quotes.
    fn escaped_text(&self) -> &str {
        std::str::from_utf8(&self.escaped).map_or(self.password, |text| &text[1..text.len() - 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(password: &str, json: &str) -> bool {
        Echo::of(password).is_in(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn found_wherever_it_is() {
        for json in [
            r#"{"a":"no hunter2 here"}"#,
            r#"{"a":{"b":["\u0068unter2"]}}"#,
            r#"{"hunter2":1}"#,
            r#"{"a":{"token":5}}"#,
            r#"{"a":{"access":"eyJhbGciOi"}}"#,
        ] {
            assert!(is_in("hunter2", json), "{json}");
        }
        assert!(is_in("12345678", r#"{"a":12345678}"#));
        assert!(is_in("a\"b\"", r#"{"a":"we got {\"password\":\"a\\\"b\\\"\"}"}"#));
    }

    #[test]
    fn not_found_where_it_is_not() {
        assert!(!is_in("hunter2", r#"{"a":"hunter","b":[2,true,null]}"#));
        assert!(!is_in("a", r#"{"detail":"a sentence"}"#), "one letter says nothing");
    }
}
