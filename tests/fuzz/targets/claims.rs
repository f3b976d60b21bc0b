#![no_main]
//! A token that was kept elsewhere: it comes back as it was, and its claims are those of its payload. The input is taken
//! as a JWT, and as the payload of one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use testpress::{Status, Token};

fuzz_target!(|input: &[u8]| {
    if let Ok(jwt) = std::str::from_utf8(input) {
        check(jwt);
    }
    let jwt = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(input));
    if let Some(token) = check(&jwt) {
        check_claims(&token, input);
    }
});

fn check(jwt: &str) -> Option<Token> {
    let good = (1..=8192).contains(&jwt.len()) && jwt.bytes().all(|byte| byte.is_ascii_graphic());
    let token = match Token::from_jwt("demo", jwt) {
        Ok(token) => token,
        Err(error) => {
            assert!(!good && error.status() == Status::InvalidArgument, "{error:?}");
            return None;
        }
    };
    assert!(good, "{jwt:?}");
    assert_eq!(token.jwt(), jwt);
    assert_eq!(token.auth_value(), format!("JWT {jwt}"));
    assert_eq!(token.auth_header(), format!("Authorization: JWT {jwt}"));
    check_expiry(&token);
    let told = format!("Token {{ origin: \"https://demo.testpress.in\", expires_at: {:?}, .. }}", token.expires_at());
    assert_eq!(format!("{token:?}"), told, "debug output tells more than it should");
    Some(token)
}

fn check_expiry(token: &Token) {
    assert_eq!(token.expires_at().is_some(), token.expires_in().is_some());
    if let (Some(at), Some(left)) = (token.expires_at(), token.expires_in()) {
        assert!(at > 0 && left < at, "{left} s are left until {at}");
    }
}

/// `payload` is the one of `token`.
fn check_claims(token: &Token, payload: &[u8]) {
    let object = serde_json::from_slice::<Value>(payload).ok().filter(Value::is_object);
    let Some(object) = object else {
        assert_eq!((token.claims(), token.username(), token.email()), (None, None, None));
        assert_eq!((token.user_id(), token.expires_at()), (None, None));
        return;
    };
    assert_eq!(token.claims().map(str::as_bytes), Some(payload));
    assert_eq!(token.user_id(), object["user_id"].as_i64());
    assert_eq!(token.email(), object["email"].as_str().filter(|email| !email.contains('\0')).or(token.email()));
    match &object["username"] {
        Value::String(name) if !name.contains('\0') => assert_eq!(token.username(), Some(name.as_str())),
        Value::Number(number) if !number.is_f64() => assert_eq!(token.username(), Some(&*number.to_string())),
        _ => assert_eq!(token.username(), None),
    }
    match object["exp"].as_i64() {
        Some(seconds) => assert_eq!(token.expires_at(), Some(seconds).filter(|seconds| *seconds > 0)),
        None if object["exp"].is_f64() => {}
        None => assert_eq!(token.expires_at(), None),
    }
}
