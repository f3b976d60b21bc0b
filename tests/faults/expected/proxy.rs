//! Where there is no tunnel, nothing was sent. A proxy that answered is not asked again; one that did not, is.

use std::time::{Duration, Instant};

use testpress::Status;

use super::login::{Failure, Stage, hurried_login, login};

/// The proxy said no, or what it said is none of a proxy: it is not asked again.
fn refused(fault: &str) -> Failure {
    let failure = login(fault).gets_no_tunnel();
    failure.retryable(false).connections(1).never_says("portal.example/");
    failure
}

/// The proxy's answer may be another one later, but not at once.
fn refused_for_now(fault: &str, status: &str) {
    login(fault).gets_no_tunnel().retryable(true).connections(1).says(status);
}

/// The proxy said nothing: like an institute that can't be reached.
fn unanswered(fault: &str) {
    login(fault).gets_no_tunnel().retryable(true);
}

fn never_made(fault: &str) {
    hurried_login(fault).times_out().unsent().retryable(true).no_answer().says("the proxy 127.0.0.1");
}

#[test]
fn fault_proxy_credentials_missing() {
    refused("proxy-credentials-missing").says("407").says("user name and password").says("http://user:password@");
}

#[test]
fn fault_proxy_credentials_wrong() {
    refused("proxy-credentials-wrong").says("407").says("did not accept the user name and password");
}

#[test]
fn fault_proxy_credentials_wrong_401() {
    refused("proxy-credentials-wrong-401").says("401").says("did not accept the user name and password");
}

#[test]
fn fault_proxy_wants_negotiate() {
    refused("proxy-wants-negotiate").says("407").says("Negotiate").says("NTLM").says("Basic");
}

#[test]
fn fault_proxy_401() {
    refused("proxy-401").says("401");
}

#[test]
fn fault_proxy_403() {
    refused("proxy-403").says("403").says("administrator");
}

#[test]
fn fault_proxy_404() {
    refused("proxy-404").says("404");
}

#[test]
fn fault_proxy_405() {
    refused("proxy-405").says("405");
}

#[test]
fn fault_proxy_301() {
    refused("proxy-301").says("301");
}

#[test]
fn fault_proxy_302() {
    refused("proxy-302").says("302");
}

#[test]
fn fault_proxy_101() {
    refused("proxy-101");
}

#[test]
fn fault_proxy_captive_portal() {
    refused("proxy-captive-portal").says("page");
}

#[test]
fn fault_proxy_garbage() {
    refused("proxy-garbage").says("not HTTP");
}

#[test]
fn fault_proxy_is_tls() {
    refused("proxy-is-tls").says("not HTTP");
}

#[test]
fn fault_proxy_is_http_2() {
    refused("proxy-is-http-2").says("not HTTP");
}

#[test]
fn fault_proxy_is_ssh() {
    refused("proxy-is-ssh").says("not HTTP");
}

#[test]
fn fault_proxy_long_head() {
    refused("proxy-long-head").says("8 KiB");
}

#[test]
fn fault_proxy_endless_header() {
    refused("proxy-endless-header");
}

#[test]
fn fault_proxy_endless_header_line() {
    refused("proxy-endless-header-line").says("8 KiB");
}

#[test]
fn fault_proxy_429() {
    refused_for_now("proxy-429", "429");
}

#[test]
fn fault_proxy_500() {
    refused_for_now("proxy-500", "500");
}

#[test]
fn fault_proxy_502() {
    refused_for_now("proxy-502", "502");
}

#[test]
fn fault_proxy_503() {
    refused_for_now("proxy-503", "503");
}

#[test]
fn fault_proxy_504() {
    refused_for_now("proxy-504", "504");
}

#[test]
fn fault_proxy_dead_port() {
    unanswered("proxy-dead-port");
}

#[test]
fn fault_proxy_close_on_accept() {
    unanswered("proxy-close-on-accept");
}

#[test]
fn fault_proxy_reset_on_accept() {
    unanswered("proxy-reset-on-accept");
}

#[test]
fn fault_proxy_close_before_answer() {
    unanswered("proxy-close-before-answer");
}

#[test]
fn fault_proxy_reset_before_answer() {
    unanswered("proxy-reset-before-answer");
}

#[test]
fn fault_proxy_half_head_then_close() {
    unanswered("proxy-half-head-then-close");
}

#[test]
fn fault_proxy_half_head_then_reset() {
    unanswered("proxy-half-head-then-reset");
}

#[test]
fn fault_proxy_connect_stalls() {
    never_made("proxy-connect-stalls");
}

#[test]
fn fault_proxy_silent() {
    never_made("proxy-silent");
}

#[test]
fn fault_proxy_half_head_then_silent() {
    never_made("proxy-half-head-then-silent");
}

#[test]
fn fault_proxy_drip() {
    never_made("proxy-drip");
}

#[test]
fn fault_proxy_endless_interim() {
    never_made("proxy-endless-interim");
}

#[test]
fn a_proxy_whose_name_has_no_address_is_said_to_have_none() {
    // A name server that does not answer takes its time.
    let proxy = ("proxy", "http://corp:pr0xy@no-such-proxy.invalid:3128");
    let options = [proxy, ("connect_timeout_ms", "60000"), ("retries", "0")];
    let stage = Stage::set("ok", Duration::from_secs(60), &options);
    let error = stage.client.login("ada", "word", None).unwrap_err();
    assert_eq!(error.status(), Status::Proxy, "{error:?}");
    assert!(error.message().contains("the proxy no-such-proxy.invalid:3128"), "{error:?}");
    assert!(error.retryable() && !error.request_sent(), "{error:?}");
    assert!(!format!("{error:?}").contains("pr0xy@"));
    assert_eq!(stage.server.connections(), 0, "never past the proxy");
}

#[test]
fn connect_timeout_ms_counts_for_proxies() {
    let start = Instant::now();
    let options = [("connect_timeout_ms", "300"), ("retries", "0")];
    let stage = Stage::set("proxy-silent", Duration::from_secs(20), &options);
    let error = stage.client.login("ada", "word", None).unwrap_err();
    assert!((Duration::from_millis(299)..Duration::from_secs(10)).contains(&start.elapsed()));
    assert_eq!(error.status(), Status::Timeout, "{error:?}");
    assert!(error.message().contains("connect_timeout_ms"), "{error:?}");
}
