//! TLS: rustls' configuration, and the handshake's errors in words. Certificates are always verified.

use std::sync::Arc;

use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, ClientConnection, RootCertStore};

use super::certificate::ExplainingVerifier;
use super::tcp_socket::Socket;
use super::tls_stream::{HandshakeError, Stream};
use super::transport_error::TransportError;
use super::trust::Identity;
use crate::error::{Error, Result, Status};
use crate::host::Host;

/// Tickets of one host are all that a client meets.
const RESUMED_HOSTS: usize = 4;

/// A configuration of a process's own: its cache of sessions has a lock, which a fork may find taken.
pub(super) fn config(
    provider: &Arc<CryptoProvider>,
    roots: &Arc<RootCertStore>,
    identity: Option<&Identity>,
) -> Result<Arc<ClientConfig>> {
    let internal = |error: String| Error::new(Status::Internal, format!("TLS configuration: {error}"));
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.clone(), provider.clone())
        .build()
        .map_err(|error| internal(error.to_string()))?;
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| internal(error.to_string()))?
        // "Dangerous" is any verifier but rustls' own; ours only adds words to its verdict.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(ExplainingVerifier::new(verifier)));
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key()).map_err(|error| {
                let reason = "client_key_file does not fit client_cert_file";
                Error::invalid(format!("option {reason}: {error}"))
            })?
        }
    };
    config.resumption = Resumption::in_memory_sessions(RESUMED_HOSTS);
    Ok(Arc::new(config))
}

pub(super) fn handshake(
    config: &Arc<ClientConfig>,
    host: &Host,
    socket: Socket,
) -> std::result::Result<Stream, TransportError> {
    let refused = |error: &rustls::Error| TransportError::Tls { message: explain(error), retryable: false };
    let connection = ClientConnection::new(config.clone(), server_name(host)?).map_err(|error| refused(&error))?;
    Stream::tls(socket, connection).map_err(|error| match error {
        HandshakeError::Tls(error) => refused(&error),
        // Nobody said no, and no request was sent.
        HandshakeError::TransportError(TransportError::Lost(message)) => {
            TransportError::Tls { message, retryable: true }
        }
        HandshakeError::TransportError(fault) => fault,
    })
}

fn server_name(host: &Host) -> std::result::Result<ServerName<'static>, TransportError> {
    match host {
        Host::Address(address) => Ok(ServerName::from(*address)),
        Host::Name(name) => ServerName::try_from(name.clone()).map_err(|_| TransportError::Tls {
            message: "the name can't stand in a certificate".to_owned(),
            retryable: false,
        }),
    }
}

fn explain(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::Other(reason)) => reason.to_string(),
        rustls::Error::InvalidCertificate(reason) => format!("the certificate was refused: {reason}"),
        rustls::Error::InvalidMessage(_) => {
            "what came is not TLS: check the port, and that no captive portal stands in between".to_owned()
        }
        rustls::Error::AlertReceived(alert) => explain_alert(*alert),
        rustls::Error::PeerIncompatible(_) => {
            "the server offers no version or cipher that is safe today (TLS 1.2 or 1.3)".to_owned()
        }
        other => other.to_string(),
    }
}

/// With TLS 1.3 the handshake ends, for the client, before the server has looked at a client certificate: a refusal
/// comes in place of the answer. Anything else that breaks the stream has cost the answer.
pub(super) fn after_handshake(error: &rustls::Error) -> TransportError {
    use AlertDescription as Alert;
    match error {
        rustls::Error::AlertReceived(
            alert @ (Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::HandshakeFailure),
        ) => TransportError::Tls { message: explain_alert(*alert), retryable: false },
        error => TransportError::Lost(format!("TLS broke ({error})")),
    }
}

fn explain_alert(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::CertificateRequired => {
            "the server asks for a client certificate: set client_cert_file and client_key_file".to_owned()
        }
        alert => format!("the server ended the handshake with the alert {alert:?}"),
    }
}
