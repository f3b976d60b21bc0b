//! Tokens that look like the real ones. Nobody can check the signature, so it is always the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The claims of [`token`]: issued in November 2023, expiring at the end of the century.
pub const CLAIMS: &str = concat!(
    r#"{"username":"ada","user_id":17,"email":"ada@example.com","#,
    r#""orig_iat":1700000000,"iat":1700000000,"exp":4102444800}"#
);

/// The token that the well-behaved faults hand out.
pub fn token() -> String {
    with_payload(CLAIMS)
}

/// A token with these bytes as its payload.
pub fn with_payload(payload: impl AsRef<[u8]>) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = URL_SAFE_NO_PAD.encode(payload);
    let signature = URL_SAFE_NO_PAD.encode([0x5a; 32]);
    format!("{header}.{payload}.{signature}")
}

/// A token of exactly that many bytes, at least 100, with valid claims: the signature makes up the length.
pub fn of_length(length: usize) -> String {
    let mut token = with_payload(r#"{"user_id":17}"#);
    token.extend(std::iter::repeat_n('A', length - token.len()));
    token
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_token_has_three_parts_and_the_length_asked_for() {
        let token = super::of_length(8192);
        assert_eq!(token.len(), 8192);
        assert_eq!(token.split('.').count(), 3);
        assert!(super::token().starts_with("eyJ"));
    }
}
