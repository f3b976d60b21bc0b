//! What rustls needs to know to be one of our servers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::CertifiedKey;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

use crate::authority;
use crate::certificates::{self, Identity};
use crate::fault::Door;

/// The settings for a door, if it is one with TLS behind it. Made on first use; the same ones for the whole process.
pub(crate) fn behind(door: Door) -> Option<Arc<ServerConfig>> {
    static SETTINGS: Mutex<Option<HashMap<Door, Arc<ServerConfig>>>> = Mutex::new(None);
    let (identity, versions, verifier) = match door {
        Door::Tls(identity) => (identity, BOTH, None),
        Door::OldTls => (Identity::Good, OLD, None),
        Door::MutualTls => (Identity::Good, BOTH, Some(client_verifier())),
        Door::Plain | Door::Bare | Door::Closed | Door::Full => return None,
    };
    let mut settings = SETTINGS.lock().unwrap_or_else(PoisonError::into_inner);
    let settings = settings.get_or_insert_default().entry(door);
    Some(settings.or_insert_with(|| Arc::new(create(identity, versions, verifier))).clone())
}

const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];
const OLD: &[&SupportedProtocolVersion] = &[&TLS12];

fn create(
    identity: Identity,
    versions: &[&'static SupportedProtocolVersion],
    verifier: Option<Arc<dyn ClientCertVerifier>>,
) -> ServerConfig {
    let CertifiedKey { cert, signing_key } = certificates::certify(identity);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    // Named here, because a process may have no default provider, or another one.
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("ring knows TLS 1.2 and 1.3");
    let builder = match verifier {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    builder.with_single_cert(vec![cert.der().clone()], key).expect("the key fits the certificate")
}

fn client_verifier() -> Arc<dyn ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    roots.add(authority::known().der().clone()).expect("our own CA");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().expect("a verifier with one CA")
}
