//! Why a certificate was refused, in words that say what to do. The verdict itself is rustls' alone.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};

/// rustls' verifier, with the names and dates of what it refuses.
#[derive(Debug)]
pub(super) struct ExplainingVerifier(Arc<WebPkiServerVerifier>);

impl ExplainingVerifier {
    pub(super) fn new(inner: Arc<WebPkiServerVerifier>) -> ExplainingVerifier {
        ExplainingVerifier(inner)
    }
}

impl ServerCertVerifier for ExplainingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).map_err(|error| {
            let rustls::Error::InvalidCertificate(reason) = error else { return error };
            match explain(&reason, end_entity) {
                Some(text) => {
                    let other = OtherError(Arc::new(Explained(text)));
                    rustls::Error::InvalidCertificate(CertificateError::Other(other))
                }
                None => rustls::Error::InvalidCertificate(reason),
            }
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[derive(Debug)]
struct Explained(String);

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Explained {}

fn explain(reason: &CertificateError, certificate: &CertificateDer<'_>) -> Option<String> {
    match reason {
        CertificateError::UnknownIssuer => {
            let issuer = issuer(certificate).map(|name| format!(" (issuer \"{name}\")")).unwrap_or_default();
            Some(format!("the certificate is not trusted{issuer}: set ca_file to the CA's certificate if you trust it"))
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            let date = date(*not_after);
            Some(format!(
                "the certificate expired on {date}: the institute must renew it (or this machine's clock is wrong)"
            ))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            let date = date(*not_before);
            Some(format!("the certificate is not valid before {date}: check this machine's clock"))
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names = if presented.is_empty() { "no name".to_owned() } else { presented_names(presented) };
            Some(format!("the certificate is for another host (it names {names}): check the institute's name"))
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            let advice = "make a certificate for the host and sign it with that";
            Some(format!("the server shows the certificate of a CA as its own, which no server may: {advice}"))
        }
        _ => None,
    }
}

/// rustls gives them as `DnsName("example.com")`.
fn presented_names(presented: &[String]) -> String {
    const SHOWN: usize = 5;
    let bare = |name: &String| name.split('"').nth(1).unwrap_or(name).to_owned();
    let mut names: Vec<String> = presented.iter().take(SHOWN).map(bare).collect();
    if presented.len() > SHOWN {
        names.push("…".to_owned());
    }
    names.join(", ")
}

fn date(time: UnixTime) -> String {
    // IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT". It has no years beyond 9999.
    const MOST: u64 = 253_402_300_799;
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time.as_secs().min(MOST)))
}

/// The issuer's common name, or organization.
fn issuer(certificate: &CertificateDer<'_>) -> Option<String> {
    let parsed = webpki::EndEntityCert::try_from(certificate).ok()?;
    let name = parsed.issuer();
    attribute(name, 3).or_else(|| attribute(name, 10))
}

/// The value of the attribute 2.5.4.`kind` in a DER name: its OID, then a string's tag, length and bytes (X.520).
fn attribute(name: &[u8], kind: u8) -> Option<String> {
    let oid = [0x06, 0x03, 0x55, 0x04, kind];
    let at = name.windows(oid.len()).position(|window| window == oid)?;
    let value = &name[at + oid.len()..];
    // Only short lengths: a name of 128 bytes and more is no help in a message.
    let length = usize::from(*value.get(1)?);
    let text = std::str::from_utf8(value.get(2..2 + length)?).ok()?;
    (length < 128 && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_a_name() {
        let name = b"\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x0c\x02Ab\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03a\"b";
        assert_eq!(attribute(name, 10).as_deref(), Some("Ab"));
        assert_eq!(attribute(name, 3).as_deref(), Some("a\"b"));
        assert_eq!(attribute(name, 11), None);
        assert_eq!(attribute(b"\x06\x03\x55\x04\x03\x0c\x09a", 3), None);
        assert_eq!(attribute(b"\x06\x03\x55\x04\x03\x0c", 3), None);
        assert_eq!(attribute(b"\x06\x03\x55\x04\x03\x0c\x01\n", 3), None);
    }

    #[test]
    fn dates_are_readable_and_absurd_ones_do_no_harm() {
        assert_eq!(date(UnixTime::since_unix_epoch(Duration::from_secs(784_111_777))), "Sun, 06 Nov 1994 08:49:37 GMT");
        date(UnixTime::since_unix_epoch(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn names_are_listed_and_not_endless() {
        let presented: Vec<String> = (0..9).map(|i| format!("DnsName(\"{i}.example\")")).collect();
        assert_eq!(presented_names(&presented[..2]), "0.example, 1.example");
        assert!(presented_names(&presented).ends_with("4.example, …"));
    }
}
