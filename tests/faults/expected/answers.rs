//! What a server says at length is told apart by status, shape and error_code, never by its words.

use testpress::Status;

use super::login::{Failure, login};

/// An answer is an answer: it is never asked for twice.
fn refused(fault: &str, status: Status) -> Failure {
    let failure = login(fault).fails(status);
    let later = [Status::Throttled, Status::Server].contains(&status);
    failure.sent().retryable(later).posts(1).connections(1);
    failure
}

#[test]
fn fault_rejected() {
    refused("rejected", Status::Rejected).http(400).server_says(Some("Unable to log in with provided credentials."));
}

#[test]
fn fault_rejected_disabled() {
    refused("rejected-disabled", Status::Rejected).http(400).server_says(Some("User account is disabled."));
}

#[test]
fn fault_rejected_localised() {
    refused("rejected-localised", Status::Rejected)
        .http(400)
        .server_says(Some("Die angegebenen Zugangsdaten stimmen nicht für diese Prüfung."));
}

#[test]
fn fault_rejected_401() {
    refused("rejected-401", Status::Rejected).http(401).server_says(Some("Invalid username/password."));
}

#[test]
fn fault_rejected_401_html() {
    refused("rejected-401-html", Status::Rejected).http(401).server_says(None);
}

#[test]
fn fault_field_required() {
    refused("field-required", Status::BadRequest)
        .http(400)
        .body_has("password")
        .server_says(Some("This field is required."));
}

#[test]
fn fault_field_blank() {
    refused("field-blank", Status::BadRequest).http(400).server_says(Some("This field may not be blank."));
}

#[test]
fn fault_field_null() {
    refused("field-null", Status::BadRequest).http(400).server_says(Some("This field may not be null."));
}

#[test]
fn fault_field_type() {
    refused("field-type", Status::BadRequest).http(400).body_has("Null characters");
}

#[test]
fn fault_field_provider() {
    refused("field-provider", Status::BadRequest).http(400).body_has("access_token");
}

#[test]
fn fault_parse_error() {
    refused("parse-error", Status::BadRequest).http(400).body_has("JSON parse error");
}

#[test]
fn fault_bad_request_html() {
    refused("bad-request-html", Status::BadRequest).http(400).server_says(None);
}

#[test]
fn fault_bad_request_empty() {
    refused("bad-request-empty", Status::BadRequest).http(400).server_says(None);
}

#[test]
fn fault_bad_request_list() {
    refused("bad-request-list", Status::BadRequest).http(400);
}

#[test]
fn fault_bad_request_huge() {
    let failure = refused("bad-request-huge", Status::BadRequest);
    assert!(failure.error.server_body().is_none_or(|body| body.len() <= 8 * 1024));
    assert!(failure.error.message().len() < 1024);
}

#[test]
fn fault_echoes_request() {
    refused("echoes-request", Status::BadRequest).http(400);
}

#[test]
fn fault_forbidden() {
    refused("forbidden", Status::Forbidden)
        .http(403)
        .server_says(Some("You do not have permission to perform this action."));
}

#[test]
fn fault_forbidden_html() {
    refused("forbidden-html", Status::Forbidden).http(403);
}

#[test]
fn fault_not_found_html() {
    refused("not-found-html", Status::NotFound).http(404).says("api_version");
}

#[test]
fn fault_method_not_allowed() {
    refused("method-not-allowed", Status::BadRequest).http(405);
}

#[test]
fn fault_unsupported_media_type() {
    refused("unsupported-media-type", Status::BadRequest).http(415).body_has("Unsupported media type");
}

#[test]
fn fault_teapot() {
    refused("teapot", Status::BadRequest).http(418);
}

#[test]
fn fault_throttled() {
    refused("throttled", Status::Throttled).http(429).retry_after(Some(60)).says("60 s");
}

#[test]
fn fault_throttled_zero() {
    refused("throttled-zero", Status::Throttled).http(429).retry_after(Some(0));
}

#[test]
fn fault_throttled_without_wait() {
    refused("throttled-without-wait", Status::Throttled).http(429).retry_after(None);
}

#[test]
fn fault_throttled_until_date() {
    let failure = refused("throttled-until-date", Status::Throttled);
    let wait = failure.error.retry_after().expect("a wait");
    assert!((60..=121).contains(&wait), "{wait}");
}

#[test]
fn fault_throttled_until_past() {
    refused("throttled-until-past", Status::Throttled).retry_after(Some(0));
}

#[test]
fn fault_throttled_garbage() {
    refused("throttled-garbage", Status::Throttled).retry_after(None);
}

#[test]
fn fault_throttled_negative() {
    refused("throttled-negative", Status::Throttled).retry_after(None);
}

#[test]
fn fault_throttled_absurd() {
    let failure = refused("throttled-absurd", Status::Throttled);
    assert!(failure.error.retry_after().is_none_or(|wait| i64::try_from(wait).is_ok()), "C has 63 bits for it");
}

#[test]
fn fault_throttled_html() {
    refused("throttled-html", Status::Throttled).http(429).retry_after(Some(30));
}

#[test]
fn fault_server_error_html() {
    refused("server-error-html", Status::Server).http(500);
}

#[test]
fn fault_server_error_json() {
    refused("server-error-json", Status::Server).http(500).server_says(Some("Internal server error."));
}

#[test]
fn fault_server_error_empty() {
    refused("server-error-empty", Status::Server).http(500);
}

#[test]
fn fault_bad_gateway() {
    refused("bad-gateway", Status::Server).http(502);
}

#[test]
fn fault_unavailable() {
    refused("unavailable", Status::Server).http(503).retry_after(Some(120));
}

#[test]
fn fault_gateway_timeout() {
    refused("gateway-timeout", Status::Server).http(504);
}

#[test]
fn fault_locked() {
    refused("locked", Status::Locked)
        .http(423)
        .code(Some("max_login_exceeded"))
        .server_says(Some("Try again in 15 minutes."));
}

#[test]
fn fault_locked_400() {
    refused("locked-400", Status::Locked)
        .http(400)
        .code(Some("max_login_exceeded"))
        .server_says(Some("Try again in 15 minutes."));
}

#[test]
fn fault_locked_403() {
    refused("locked-403", Status::Locked)
        .http(403)
        .code(Some("max_login_exceeded"))
        .server_says(Some("Try again in 15 minutes."));
}

#[test]
fn fault_too_many_devices() {
    refused("too-many-devices", Status::TooManyDevices)
        .http(400)
        .code(Some("parallel_login_restriction"))
        .server_says(Some("You are logged in on 2 devices."));
}

#[test]
fn fault_too_many_devices_nested() {
    refused("too-many-devices-nested", Status::TooManyDevices)
        .http(403)
        .code(Some("parallel_login_restriction"))
        .server_says(Some("You are logged in on 2 devices."));
}

#[test]
fn fault_error_code_unknown() {
    refused("error-code-unknown", Status::BadRequest).http(400).code(Some("moon_phase"));
}

#[test]
fn fault_error_code_number() {
    refused("error-code-number", Status::Rejected).http(400).code(None).server_says(Some("No."));
}

#[test]
fn fault_error_code_under_200() {
    login("error-code-under-200").fails_as_one_of(&[Status::Locked, Status::BadResponse]).sent().http(200).posts(1);
}
