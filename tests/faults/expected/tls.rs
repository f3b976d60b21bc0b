//! No trust: nothing was sent, and a refused certificate is asked for once only.

use testpress::Status;

use super::login::{Failure, hurried_login, login};

fn refused(fault: &str) -> Failure {
    let failure = login(fault).fails(Status::Tls);
    failure.unsent().retryable(false).no_answer().connections(1).says("certificate");
    failure
}

#[test]
fn fault_certificate_self_signed() {
    refused("certificate-self-signed").says("ca_file");
}

#[test]
fn fault_certificate_unknown_ca() {
    refused("certificate-unknown-ca").says("Unknown Corp Proxy CA").says("ca_file");
}

#[test]
fn fault_certificate_expired() {
    refused("certificate-expired").says("expired").says("2001");
}

#[test]
fn fault_certificate_not_yet_valid() {
    refused("certificate-not-yet-valid").says("not valid").says("2098");
}

#[test]
fn fault_certificate_wrong_host() {
    refused("certificate-wrong-host").says("other.example");
}

#[test]
fn fault_certificate_for_clients() {
    refused("certificate-for-clients");
}

#[test]
fn fault_certificate_common_name_only() {
    refused("certificate-common-name-only");
}

#[test]
fn fault_plain_http_on_tls_port() {
    login("plain-http-on-tls-port").fails(Status::Tls).unsent().no_answer();
}

#[test]
fn fault_tls_alert_handshake_failure() {
    login("tls-alert-handshake-failure").fails(Status::Tls).unsent().says("handshake");
}

#[test]
fn fault_tls_alert_protocol_version() {
    login("tls-alert-protocol-version").fails(Status::Tls).unsent().says("version");
}

#[test]
fn fault_tls_alert_unrecognized_name() {
    login("tls-alert-unrecognized-name").fails(Status::Tls).unsent().says("name");
}

#[test]
fn fault_handshake_stalls() {
    hurried_login("handshake-stalls").times_out().unsent().says("handshake");
}

#[test]
fn fault_handshake_drips() {
    hurried_login("handshake-drips").times_out().unsent().says("handshake");
}

#[test]
fn fault_handshake_garbage() {
    login("handshake-garbage").fails(Status::Tls).unsent();
}

#[test]
fn fault_handshake_reset() {
    login("handshake-reset").fails(Status::Tls).unsent().connections(3);
}

#[test]
fn fault_handshake_closed() {
    login("handshake-closed").fails(Status::Tls).unsent().connections(3);
}

/// In TLS 1.3 a server says so after the handshake, when the request is on its way.
#[test]
fn fault_client_certificate_required() {
    login("client-certificate-required")
        .fails(Status::Tls)
        .retryable(false)
        .posts(0)
        .connections(1)
        .says("certificate");
}

#[test]
fn fault_tls_broken_record() {
    login("tls-broken-record").loses_the_answer().posts(1);
}
