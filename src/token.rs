//! Token: the header for later requests, and what the JWT's payload says about its user.
//!
//! The signature is the server's secret, so nothing in the payload is proof of anything: claims are hints.

mod claims;

#[cfg(feature = "capi")]
use std::ffi::CStr;
use std::ffi::CString;
use std::fmt;

use self::claims::Claims;
use crate::clock::unix_now;
use crate::error::{Error, Result};
use crate::institute::Origin;
use crate::secret::Secret;

/// A valid login: the header line, and the origin that it may be sent to.
///
/// Immutable; share it by reference or in an `Arc`. It is wiped on drop.
pub struct Token {
    header: Secret,
    origin: CString,
    claims: Claims,
}

pub(crate) const MAX_JWT: usize = 8 * 1024;
const NAME: &str = "Authorization: ";
const SCHEME: &str = "JWT ";

impl Token {
    /// A token from a JWT that was kept elsewhere. `institute` as in [`Client::new`](crate::Client::new); the header
    /// may go to its origin only.
    pub fn from_jwt(institute: &str, jwt: &str) -> Result<Token> {
        // A token that was got over plain http is not made worse by naming its origin.
        let origin = Origin::parse(institute, true)?;
        if !is_token(jwt) {
            return Err(Error::invalid(format!("jwt is not 1 to {MAX_JWT} visible ASCII characters")));
        }
        Ok(Token::new(&origin, jwt))
    }

    /// `jwt` must have passed [`is_token`].
    pub(crate) fn new(origin: &Origin, jwt: &str) -> Token {
        Token {
            header: Secret::join(&[NAME, SCHEME, jwt]).expect("visible ASCII has no NUL"),
            origin: CString::new(origin.to_string()).expect("an origin has no NUL"),
            claims: Claims::read(jwt),
        }
    }

    /// The whole header line: `Authorization: JWT eyJ…`.
    pub fn auth_header(&self) -> &str {
        self.header.as_str()
    }

    /// The header's value: `JWT eyJ…`.
    pub fn auth_value(&self) -> &str {
        &self.auth_header()[NAME.len()..]
    }

    /// The JWT alone.
    pub fn jwt(&self) -> &str {
        &self.auth_value()[SCHEME.len()..]
    }

    /// Where the header may go, such as `https://demo.testpress.in`: scheme, host, and port if it isn't the default.
    pub fn origin(&self) -> &str {
        self.origin.to_str().unwrap_or_default()
    }

    /// When the token expires (claim `exp`, RFC 7519), in Unix seconds.
    pub fn expires_at(&self) -> Option<i64> {
        self.claims.expires_at
    }

    /// When the server says that it made the token (claim `iat`, or drf-jwt's `orig_iat`), in Unix seconds.
    pub(crate) fn issued_at(&self) -> Option<i64> {
        self.claims.issued_at
    }

    /// Seconds left by the wall clock, negative when past.
    pub fn expires_in(&self) -> Option<i64> {
        Some(self.claims.expires_at?.saturating_sub(unix_now()))
    }

    /// The claim `username`; an integer as digits.
    pub fn username(&self) -> Option<&str> {
        self.claims.username.as_deref().and_then(|name| name.to_str().ok())
    }

    /// The claim `email`.
    pub fn email(&self) -> Option<&str> {
        self.claims.email.as_deref().and_then(|email| email.to_str().ok())
    }

    /// The claim `user_id`.
    pub fn user_id(&self) -> Option<i64> {
        self.claims.user_id
    }

    /// The payload, a JSON object; `None` when the token has none that can be read.
    pub fn claims(&self) -> Option<&str> {
        self.claims.json.as_deref().and_then(|json| json.to_str().ok())
    }
}

/// The same as C borrows it: NUL-terminated, without a copy.
#[cfg(feature = "capi")]
impl Token {
    pub(crate) fn auth_header_c(&self) -> &CStr {
        self.header.as_c_str()
    }

    pub(crate) fn auth_value_c(&self) -> &CStr {
        suffix(self.auth_header_c(), NAME.len())
    }

    pub(crate) fn jwt_c(&self) -> &CStr {
        suffix(self.auth_value_c(), SCHEME.len())
    }

    pub(crate) fn origin_c(&self) -> &CStr {
        &self.origin
    }

    pub(crate) fn username_c(&self) -> Option<&CStr> {
        self.claims.username.as_deref()
    }

    pub(crate) fn email_c(&self) -> Option<&CStr> {
        self.claims.email.as_deref()
    }

    pub(crate) fn claims_c(&self) -> Option<&CStr> {
        self.claims.json.as_deref()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Claims are personal data, the header is a secret: neither belongs into a log.
        f.debug_struct("Token")
            .field("origin", &self.origin())
            .field("expires_at", &self.expires_at())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "capi")]
/// The end of a C string, which shares its NUL.
fn suffix(whole: &CStr, from: usize) -> &CStr {
    CStr::from_bytes_with_nul(&whole.to_bytes_with_nul()[from..]).unwrap_or_default()
}

/// What may stand in a header: visible ASCII, not too long. It need not be a JWT: the server decides what a token is.
pub(crate) fn is_token(jwt: &str) -> bool {
    (1..=MAX_JWT).contains(&jwt.len()) && jwt.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::claims::BASE64URL;
    use super::*;

    fn token(payload: &str) -> Token {
        let jwt = format!("e30.{}.c2ln", BASE64URL.encode(payload));
        Token::from_jwt("demo", &jwt).unwrap()
    }

    #[test]
    fn the_header_and_its_parts() {
        let token = Token::from_jwt("demo", "abc").unwrap();
        assert_eq!(token.auth_header(), "Authorization: JWT abc");
        assert_eq!(token.auth_value(), "JWT abc");
        assert_eq!(token.jwt(), "abc");
        assert_eq!(token.origin(), "https://demo.testpress.in");
        assert_eq!((token.claims(), token.expires_at()), (None, None));
    }

    #[cfg(feature = "capi")]
    #[test]
    fn the_same_for_c() {
        let token = Token::from_jwt("demo", "abc").unwrap();
        assert_eq!(token.auth_header_c(), c"Authorization: JWT abc");
        assert_eq!(token.auth_value_c(), c"JWT abc");
        assert_eq!(token.jwt_c(), c"abc");
    }

    #[test]
    fn documented_payloads() {
        let first = token(r#"{"username":13956,"user_id":13956,"email":"a@example.com","exp":1464340385}"#);
        assert_eq!(first.username(), Some("13956"));
        assert_eq!(first.user_id(), Some(13956));
        assert_eq!(first.email(), Some("a@example.com"));
        assert_eq!(first.expires_at(), Some(1_464_340_385));
        assert!(first.expires_in().unwrap() < 0);
        let second = token(r#"{"username":"testpress","user_id":17,"email":"","exp":4102444800}"#);
        assert_eq!(second.username(), Some("testpress"));
        assert_eq!(second.email(), Some(""));
        assert!(second.expires_in().unwrap() > 0);
        assert_eq!(second.claims().unwrap(), r#"{"username":"testpress","user_id":17,"email":"","exp":4102444800}"#);
    }

    #[test]
    fn odd_claims_are_absent_and_the_rest_stays() {
        for (exp, expected) in [
            ("1464340385.5", Some(1_464_340_385)),
            ("1.46e9", Some(1_460_000_000)),
            ("\"1464340385\"", None),
            ("-1", None),
            ("0", None),
            ("1e300", None),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("null", None),
            ("[]", None),
        ] {
            let token = token(&format!(r#"{{"user_id":7,"exp":{exp}}}"#));
            assert_eq!(token.expires_at(), expected, "{exp}");
            assert_eq!(token.user_id(), Some(7), "{exp}");
            token.expires_in();
        }
        let odd = token(r#"{"username":"a\u0000b","user_id":"7","email":{}}"#);
        assert_eq!((odd.username(), odd.user_id(), odd.email()), (None, None, None));
        assert!(odd.claims().is_some());
    }

    #[test]
    fn what_is_no_jwt_is_a_token_without_claims() {
        for jwt in ["abc", "a.b", "a.b.c.d", "..", "a.!.c", "e30.W10.c2ln", "e30.bm8.c2ln", "e30.gA.c2ln"] {
            let token = Token::from_jwt("demo", jwt).unwrap();
            assert_eq!(token.claims(), None, "{jwt}");
        }
    }

    #[test]
    fn what_could_break_a_header_is_refused_and_not_repeated() {
        let long = "a".repeat(MAX_JWT + 1);
        for jwt in ["", "s3cret token", "s3cret\r\nX: y", "s3crét", "s3cret\0", &long] {
            let error = Token::from_jwt("demo", jwt).unwrap_err();
            assert!(error.message().starts_with("jwt ") && !error.message().contains("s3cr"), "{jwt:?}");
        }
        assert!(Token::from_jwt("demo", &long[1..]).is_ok());
    }

    #[test]
    fn debug_shows_neither_token_nor_person() {
        let token = token(r#"{"username":"canary","email":"canary@example.com","exp":1}"#);
        let text = format!("{token:?}");
        assert!(!text.contains("canary") && !text.contains("eyJ") && !text.contains(token.jwt()));
    }
}
