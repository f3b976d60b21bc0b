//! JSON that is broken or of another shape gives no token, and never harms its reader.

use super::login::login;

fn bad(fault: &str) {
    login(fault).gets_bad_response().http(200).posts(1).connections(1);
}

#[test]
fn fault_json_array() {
    bad("json-array");
}

#[test]
fn fault_json_string() {
    bad("json-string");
}

#[test]
fn fault_json_number() {
    bad("json-number");
}

#[test]
fn fault_json_null() {
    bad("json-null");
}

#[test]
fn fault_json_empty_object() {
    bad("json-empty-object");
}

#[test]
fn fault_json_bom() {
    bad("json-bom");
}

#[test]
fn fault_json_utf16() {
    bad("json-utf16");
}

#[test]
fn fault_json_trailing_garbage() {
    bad("json-trailing-garbage");
}

#[test]
fn fault_json_second_object() {
    bad("json-second-object");
}

#[test]
fn fault_json_trailing_nul() {
    bad("json-trailing-nul");
}

#[test]
fn fault_json_trailing_comma() {
    bad("json-trailing-comma");
}

#[test]
fn fault_json_single_quotes() {
    bad("json-single-quotes");
}

#[test]
fn fault_json_truncated() {
    bad("json-truncated");
}

#[test]
fn fault_json_invalid_utf8() {
    bad("json-invalid-utf8");
}

#[test]
fn fault_json_very_deep() {
    bad("json-very-deep");
}

#[test]
fn fault_json_deep_alone() {
    bad("json-deep-alone");
}

#[test]
fn fault_duplicate_token() {
    bad("duplicate-token");
}

#[test]
fn fault_duplicate_token_escaped() {
    bad("duplicate-token-escaped");
}

#[test]
fn fault_json_deep() {
    login("json-deep").succeeds_as_usual();
}

#[test]
fn fault_json_lone_surrogate() {
    login("json-lone-surrogate").succeeds_as_usual();
}
