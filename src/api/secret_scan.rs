//! SecretScan: finds a secret in a server's own words. Some servers repeat what they were sent, or hand out a token with
//! a refusal; no error repeats what does so.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use zeroize::Zeroizing;

/// What no text may have in it: the password, as it is or as JSON has it, and anything like a JWT.
pub(super) struct SecretScan<'a> {
    password: &'a str,
    escaped: Zeroizing<Vec<u8>>,
}

impl<'a> SecretScan<'a> {
    /// Fewer bytes than this stand in many a sentence by chance.
    const LEAST: usize = 4;
    /// `{"` in base64: how the header of a JWT begins.
    const JWT: &'static str = "eyJ";

    pub(super) fn of(password: &'a str) -> SecretScan<'a> {
        // Never grows, so that no part of it stays behind.
        let mut escaped = Zeroizing::new(Vec::with_capacity(6 * password.len() + 2));
        serde_json::to_writer(&mut *escaped, password).expect("a string is always JSON, and a Vec takes every write");
        SecretScan { password, escaped }
    }

    pub(super) fn is_in_text(&self, text: &str) -> bool {
        text.contains(Self::JWT) || self.password_is_in(text)
    }

    /// In a text, a number or a name of this JSON, however deep; a field called "token" counts whatever it holds.
    pub(super) fn is_in(&self, json: &str) -> bool {
        // As it stands, too: a number may have more digits than are kept of it.
        self.is_in_text(json) || Walk(self).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap_or(true)
    }

    fn password_is_in(&self, text: &str) -> bool {
        self.password.len() >= Self::LEAST && (text.contains(self.password) || text.contains(self.escaped_text()))
    }

    /// Without its quotes.
    fn escaped_text(&self) -> &str {
        std::str::from_utf8(&self.escaped).map_or(self.password, |text| &text[1..text.len() - 1])
    }
}

/// Whether the secret is in a value, wherever in it. A `serde_json::Value` would not do: of two fields with one name it
/// keeps the last, while the text of the answer has both.
struct Walk<'a>(&'a SecretScan<'a>);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<bool, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        Ok(self.0.password_is_in(&number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        Ok(self.0.password_is_in(&number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        Ok(Number::from_f64(number).is_some_and(|number| self.0.password_is_in(&number.to_string())))
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(self.0.is_in_text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(inside) = values.next_element_seed(Walk(self.0))? {
            found |= inside;
        }
        Ok(found)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(name) = fields.next_key::<String>()? {
            found |= name == "token" || self.0.is_in_text(&name);
            found |= fields.next_value_seed(Walk(self.0))?;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(password: &str, json: &str) -> bool {
        SecretScan::of(password).is_in(json)
    }

    #[test]
    fn found_wherever_it_is() {
        for json in [
            r#"{"a":"no hunter2 here"}"#,
            r#"{"a":{"b":["\u0068unter2"]}}"#,
            r#"{"hunter2":1}"#,
            r#"{"a":{"token":5}}"#,
            r#"{"a":{"access":"eyJhbGciOi"}}"#,
            r#"{"a":"\u0068unter2","a":""}"#,
            r#"[{"a":{"token":""},"a":null}]"#,
        ] {
            assert!(is_in("hunter2", json), "{json}");
        }
        for number in ["12345678", "-12345678.5", "1.2345678e7", "12345678000000000000000"] {
            assert!(is_in("12345678", number), "{number}");
        }
        assert!(is_in("a\"b\"", r#"{"a":"we got {\"password\":\"a\\\"b\\\"\"}"}"#));
    }

    #[test]
    fn not_found_where_it_is_not() {
        assert!(!is_in("hunter2", r#"{"a":"hunter","b":[2,true,null]}"#));
        assert!(!is_in("a", r#"{"detail":"a sentence"}"#), "one letter says nothing");
    }
}
