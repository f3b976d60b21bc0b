//! Claims: the payload of a JWT (RFC 7519), as far as it can be read.

use std::ffi::CString;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use zeroize::Zeroizing;

/// What a payload tells. Each part is absent when it is missing or of a type that makes no sense.
#[derive(Default)]
pub(super) struct Claims {
    pub(super) json: Option<CString>,
    pub(super) username: Option<CString>,
    pub(super) email: Option<CString>,
    pub(super) user_id: Option<i64>,
    pub(super) expires_at: Option<i64>,
    pub(super) issued_at: Option<i64>,
}

/// Base64url, with or without padding: RFC 7515 forbids it, and some issuers add it all the same.
pub(super) const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl Claims {
    pub(super) fn read(jwt: &str) -> Claims {
        Claims::try_read(jwt).unwrap_or_default()
    }

    fn try_read(jwt: &str) -> Option<Claims> {
        let mut parts = jwt.split('.');
        let (Some(_header), Some(payload), Some(_signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let payload = Zeroizing::new(BASE64URL.decode(payload).ok()?);
        let Value::Object(claims) = serde_json::from_slice(&payload).ok()? else { return None };
        Some(Claims {
            username: claims.get("username").and_then(text),
            email: claims.get("email").and_then(text),
            user_id: claims.get("user_id").and_then(Value::as_i64),
            expires_at: claims.get("exp").and_then(seconds),
            issued_at: claims.get("iat").or_else(|| claims.get("orig_iat")).and_then(seconds),
            // serde_json has just read it as JSON, which is UTF-8 without a raw NUL.
            json: CString::new(payload.as_slice()).ok(),
        })
    }
}

fn text(claim: &Value) -> Option<CString> {
    match claim {
        Value::String(text) => CString::new(text.as_str()).ok(),
        Value::Number(number) if !number.is_f64() => CString::new(number.to_string()).ok(),
        _ => None,
    }
}

/// A NumericDate (RFC 7519, section 2): seconds, perhaps with a fraction.
fn seconds(claim: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: beyond it a float has no single seconds
    let seconds = match (claim.as_i64(), claim.as_f64()) {
        (Some(seconds), _) => seconds,
        (None, Some(seconds)) if (0.0..EXACT).contains(&seconds) => seconds as i64,
        _ => return None,
    };
    (seconds > 0).then_some(seconds)
}
