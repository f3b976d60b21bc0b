//! The strings that a C program passes: none, well-known ones, long ones, and whatever bytes there are.

use std::ffi::{CString, c_char};

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use testpress::OPTIONS;

use crate::local_server;

/// Nobody's. What the library says must not have it in it.
pub const PASSWORD: &str = "hunter2-hunter2";

const INSTITUTES: &[&str] = &["demo", "learn.example.com", "http://127.0.0.1:1", "https://[::1]:8443", "a:b@c", ""];
const VALUES: &[&str] =
    &["v2.5", "multipart", "json", "1", "0", "86400000", "true", "false", "none", "env", "memory", "a\tb"];
const JWTS: &[&str] = &["abc", "e30.eyJleHAiOjF9.c2ln", "e30.eyJ1c2VybmFtZSI6ImEiLCJ1c2VyX2lkIjo3fQ.c2ln", "a b"];
const LONGEST: usize = 100_000;

/// A string as C has it, or NULL.
#[derive(Debug)]
pub struct Text(Option<CString>);

impl Text {
    /// What `const char *` gets.
    pub fn as_ptr(&self) -> *const c_char {
        self.0.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
    }

    /// Whether the library can take it for text.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_ref()?.to_str().ok()
    }

    /// An institute, good or bad.
    pub fn institute(input: &mut Unstructured) -> Result<Text> {
        if input.ratio(1, 3)? {
            return Ok(Text::of(local_server::origin()));
        }
        Text::one_of(INSTITUTES, input)
    }

    /// The name of an option, or of none.
    pub fn option(input: &mut Unstructured) -> Result<Text> {
        let names: Vec<&str> = OPTIONS.iter().map(|option| option.name).collect();
        Text::one_of(&names, input)
    }

    /// A value for the option `name`. No file is opened and no proxy is asked whose name the fuzzer made up; the target
    /// `store` has a directory of its own.
    pub fn value(name: &Text, input: &mut Unstructured) -> Result<Text> {
        let value = Text::one_of(VALUES, input)?;
        Ok(match (name.as_str(), value.as_str()) {
            (Some(name), Some(value)) if name.ends_with("_file") => Text::of(&format!("/nonexistent/{value}")),
            (Some("store"), Some(value)) if value != "memory" => Text::of(&format!("file:{}", value.trim_matches('/'))),
            (Some("proxy"), Some("true")) => Text::of(local_server::origin()),
            (Some("proxy"), Some(value)) if !matches!(value, "env" | "none") => Text::of(&format!("socks5://{value}")),
            _ => value,
        })
    }

    /// A username, good or bad.
    pub fn username(input: &mut Unstructured) -> Result<Text> {
        Text::one_of(&["testpress", "a", "\u{e9}"], input)
    }

    /// A password, good or bad.
    pub fn password(input: &mut Unstructured) -> Result<Text> {
        Text::one_of(&[PASSWORD], input)
    }

    /// A token, good or bad.
    pub fn jwt(input: &mut Unstructured) -> Result<Text> {
        Text::one_of(JWTS, input)
    }

    fn of(text: &str) -> Text {
        Text(CString::new(text).ok())
    }

    /// Mostly one of `known`.
    fn one_of(known: &[&str], input: &mut Unstructured) -> Result<Text> {
        Ok(match input.int_in_range(0..=7)? {
            0 => Text(None),
            1 => Text(CString::new(bytes(input)?).ok()),
            2 => Text(CString::new(vec![input.int_in_range(1..=255)?; input.int_in_range(0..=LONGEST)?]).ok()),
            _ => Text::of(input.choose(known)?),
        })
    }
}

/// Up to the first NUL: a C string has none.
fn bytes(input: &mut Unstructured) -> Result<Vec<u8>> {
    let length = input.int_in_range(0..=64)?.min(input.len());
    Ok(input.bytes(length)?.iter().copied().take_while(|&byte| byte != 0).collect())
}
