//! Whatever a token claims, the login has worked; what makes no sense is unknown.

use serde_json::{Map, Value};
use testpress::Token;

use super::login::login;

fn claims(fault: &str) -> Token {
    let token = login(fault).succeeds();
    if let Some(json) = token.claims() {
        serde_json::from_str::<Map<String, Value>>(json).expect("claims are an object");
    }
    token
}

fn unknown(fault: &str) {
    let token = claims(fault);
    assert_eq!((token.expires_at(), token.username(), token.user_id()), (None, None, None));
}

#[test]
fn fault_no_exp() {
    let token = claims("no-exp");
    assert_eq!((token.expires_at(), token.username()), (None, Some("ada")));
}

#[test]
fn fault_exp_string() {
    assert_eq!(claims("exp-string").expires_at(), None);
}

#[test]
fn fault_exp_digits() {
    assert!(matches!(claims("exp-digits").expires_at(), None | Some(4102444800)));
}

#[test]
fn fault_exp_null() {
    assert_eq!(claims("exp-null").expires_at(), None);
}

#[test]
fn fault_exp_fraction() {
    assert!(matches!(claims("exp-fraction").expires_at(), None | Some(4102444800)));
}

#[test]
fn fault_exp_negative() {
    assert!(matches!(claims("exp-negative").expires_at(), None | Some(-1)));
}

#[test]
fn fault_exp_past() {
    assert_eq!(claims("exp-past").expires_at(), Some(1464340385));
}

#[test]
fn fault_exp_1e400() {
    let token = login("exp-1e400").succeeds();
    assert_eq!(token.expires_at(), None);
}

#[test]
fn fault_exp_beyond_64_bits() {
    assert_eq!(claims("exp-beyond-64-bits").expires_at(), None);
}

#[test]
fn fault_exp_most() {
    assert!(matches!(claims("exp-most").expires_at(), None | Some(i64::MAX)));
}

#[test]
fn fault_username_integer() {
    let token = claims("username-integer");
    assert_eq!(token.username(), Some("13956"));
    assert_eq!(token.user_id(), Some(13956));
    assert_eq!(token.email(), Some("ada@example.com"));
}

#[test]
fn fault_username_null() {
    let token = claims("username-null");
    assert_eq!((token.username(), token.user_id()), (None, Some(17)));
}

#[test]
fn fault_username_control() {
    let token = claims("username-control");
    assert!(token.username().is_none_or(|name| !name.contains('\0')));
    assert_eq!(token.user_id(), Some(17));
}

#[test]
fn fault_user_id_string() {
    assert!(matches!(claims("user-id-string").user_id(), None | Some(17)));
}

#[test]
fn fault_user_id_beyond_64_bits() {
    let token = claims("user-id-beyond-64-bits");
    assert_eq!((token.username(), token.user_id()), (Some("ada"), None));
}

#[test]
fn fault_claims_array() {
    unknown("claims-array");
}

#[test]
fn fault_claims_no_json() {
    unknown("claims-no-json");
}

#[test]
fn fault_claims_no_utf8() {
    unknown("claims-no-utf8");
}

#[test]
fn fault_claims_no_base64() {
    unknown("claims-no-base64");
}

#[test]
fn fault_claims_duplicate() {
    let token = login("claims-duplicate").succeeds();
    assert!(matches!(token.expires_at(), None | Some(1 | 4102444800)));
}

#[test]
fn fault_claims_deep() {
    let token = login("claims-deep").succeeds();
    assert!(matches!(token.user_id(), None | Some(17)));
}

#[test]
fn fault_claims_padded() {
    assert!(matches!(claims("claims-padded").user_id(), None | Some(17)));
}
