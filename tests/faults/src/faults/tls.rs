//! Handshakes that a client must not trust, or that never come to an end.

use std::time::Duration;

use crate::answer::Answer;
use crate::certificates::Identity;
use crate::connection::{Connection, Ending};
use crate::fault::{Door, Fault, answer, script};
use crate::faults::well_behaved::good;
use crate::verdict::{OUTCOME_UNKNOWN, TIMEOUT, TLS};

pub(super) const FAULTS: &[Fault] = &[
    answer("certificate-self-signed", "shows a certificate signed with its own key", TLS, good)
        .behind(Door::Tls(Identity::SelfSigned)),
    answer("certificate-unknown-ca", "shows a certificate of a CA nobody knows", TLS, good)
        .behind(Door::Tls(Identity::UnknownCa)),
    answer("certificate-expired", "shows a certificate that expired in 2001", TLS, good)
        .behind(Door::Tls(Identity::Expired)),
    answer("certificate-not-yet-valid", "shows a certificate that begins in 2098", TLS, good)
        .behind(Door::Tls(Identity::NotYetValid)),
    answer("certificate-wrong-host", "shows a certificate for other.example", TLS, good)
        .behind(Door::Tls(Identity::WrongHost)),
    answer("certificate-for-clients", "shows a certificate that is for clients only", TLS, good)
        .behind(Door::Tls(Identity::ForClients)),
    answer("certificate-common-name-only", "shows a certificate that names localhost as common name only", TLS, good)
        .behind(Door::Tls(Identity::CommonNameOnly)),
    script("plain-http-on-tls-port", "answers the ClientHello with an HTTP error page", TLS, |c| {
        c.hear()?;
        c.answer(&Answer::html(400, "The plain HTTP request was sent to HTTPS port").header("Connection", "close"))?;
        Ok(Ending::Close)
    })
    .behind(Door::Bare),
    script("tls-alert-handshake-failure", "answers the ClientHello with a handshake_failure alert", TLS, |c| {
        alert(c, HANDSHAKE_FAILURE)
    })
    .behind(Door::Bare),
    script("tls-alert-protocol-version", "answers the ClientHello with a protocol_version alert", TLS, |c| {
        alert(c, PROTOCOL_VERSION)
    })
    .behind(Door::Bare),
    script("tls-alert-unrecognized-name", "answers the ClientHello with an unrecognized_name alert", TLS, |c| {
        alert(c, UNRECOGNIZED_NAME)
    })
    .behind(Door::Bare),
    script("handshake-stalls", "takes the ClientHello and never answers it", TIMEOUT.unsent(), |c| {
        c.hear()?;
        Ok(Ending::Silence)
    })
    .behind(Door::Bare),
    script(
        "handshake-drips",
        "answers the ClientHello with the endless beginning of a record, byte by byte",
        TIMEOUT.unsent(),
        |c| {
            c.hear()?;
            // A handshake record of 16 KiB: at this pace it takes a quarter of an hour.
            c.drip(&[RECORD_HANDSHAKE, 3, 3, 0x40, 0], EVERY)?;
            c.drip(&[2, 0, 0x3f, 0xfc], EVERY)?;
            c.drip(&[0; 0x3ffc], EVERY)?;
            Ok(Ending::Silence)
        },
    )
    .behind(Door::Bare),
    script("handshake-garbage", "answers the ClientHello with bytes that are nothing", TLS, |c| {
        c.hear()?;
        c.send(&[0x2a; 512])?;
        Ok(Ending::Close)
    })
    .behind(Door::Bare),
    script("handshake-reset", "resets the connection at the ClientHello", TLS.retryable().after(3), |c| {
        c.hear()?;
        Ok(Ending::Reset)
    })
    .behind(Door::Bare),
    script("handshake-closed", "closes the connection at the ClientHello", TLS.retryable().after(3), |c| {
        c.hear()?;
        Ok(Ending::Close)
    })
    .behind(Door::Bare),
    answer("client-certificate-required", "wants a certificate from its client", TLS.sent(), good)
        .behind(Door::MutualTls),
    script("tls-broken-record", "answers the request with a record that can't be decrypted", OUTCOME_UNKNOWN, |c| {
        c.read_request()?;
        c.send_bare(&[RECORD_DATA, 3, 3, 0, 32])?;
        c.send_bare(&[0x2a; 32])?;
        Ok(Ending::Silence)
    }),
];

const EVERY: Duration = Duration::from_millis(50);

const RECORD_ALERT: u8 = 21;
const RECORD_HANDSHAKE: u8 = 22;
const RECORD_DATA: u8 = 23;

const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;
const UNRECOGNIZED_NAME: u8 = 112;

fn alert(c: &mut Connection, description: u8) -> std::io::Result<Ending> {
    const FATAL: u8 = 2;
    c.hear()?;
    c.send(&[RECORD_ALERT, 3, 3, 0, 2, FATAL, description])?;
    Ok(Ending::Close)
}
