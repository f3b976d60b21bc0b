//! What no error may say, whatever the server sent.

use testpress::Error;

/// How the header of every JWT begins.
const JWT: &str = "eyJ";

/// Fails where a text of `error` has the password in it, as it is or as JSON writes it, or anything like a token.
pub fn assert_told_by_no_text(error: &Error, password: &str) {
    let texts = [Some(error.message()), error.server_code(), error.server_message(), error.server_body()];
    for text in texts.into_iter().flatten() {
        assert!(!text.contains(JWT), "a token in {text:?}");
        assert!(!text.contains(password), "the password in {text:?}");
        assert!(!text.contains(&escaped(password)), "the password, escaped, in {text:?}");
    }
    // Whoever parses the body sees through the escapes of JSON.
    let seen = error.server_body().map(unescaped).unwrap_or_default();
    assert!(!seen.contains(JWT) && !seen.contains(password), "a secret behind escapes in {seen:?}");
    assert!(!format!("{error:?}").contains(JWT), "a token in the debug output");
}

/// As it stands between quotes in JSON.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// With the escapes of every JSON string undone, and nothing else.
fn unescaped(json: &str) -> String {
    let mut text = Vec::new();
    let mut rest = json.encode_utf16().collect::<Vec<u16>>().into_iter();
    while let Some(unit) = rest.next() {
        if unit != u16::from(b'\\') {
            text.push(unit);
            continue;
        }
        match rest.next().and_then(|escape| u8::try_from(escape).ok()) {
            Some(b'u') => {
                let digits: String = rest.by_ref().take(4).filter_map(|digit| char::from_u32(digit.into())).collect();
                text.push(u16::from_str_radix(&digits, 16).unwrap_or_default());
            }
            Some(b'n') => text.push(u16::from(b'\n')),
            Some(b't') => text.push(u16::from(b'\t')),
            Some(b'r') => text.push(u16::from(b'\r')),
            Some(b'b') => text.push(8),
            Some(b'f') => text.push(12),
            Some(other) => text.push(other.into()),
            None => {}
        }
    }
    String::from_utf16_lossy(&text)
}
