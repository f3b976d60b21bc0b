//! The certificates that servers show: one that is fine, and some that a client must refuse.

use rcgen::{CertificateParams, CertifiedKey, DnType, ExtendedKeyUsagePurpose, KeyPair};

use crate::authority::{self, Authority, VALID_YEARS};

/// Whose certificate a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// For `localhost`, 127.0.0.1, ::1 and the names of `ABROAD`, from the CA in the CA file.
    Good,
    /// Signed with its own key.
    SelfSigned,
    /// From a CA that is not in the CA file.
    UnknownCa,
    /// No longer valid.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// For another host.
    WrongHost,
    /// For clients, not for servers.
    ForClients,
    /// Without a subject alternative name: `localhost` stands in the common name only.
    CommonNameOnly,
}

/// What other machines may know this one by (RFC 6761: "test"; RFC 5737 and RFC 3849: addresses for documentation).
const ABROAD: [&str; 4] = ["institute.test", "*.institute.test", "192.0.2.2", "2001:db8::2"];

/// A certificate of that kind, and its key.
pub(crate) fn certify(identity: Identity) -> CertifiedKey<KeyPair> {
    let signing_key = KeyPair::generate().expect("a key for a throwaway certificate");
    let params = params(identity);
    let cert = match issuer(identity) {
        Some(issuer) => params.signed_by(&signing_key, issuer),
        None => params.self_signed(&signing_key),
    };
    CertifiedKey { cert: cert.expect("a throwaway certificate"), signing_key }
}

fn issuer(identity: Identity) -> Option<&'static Authority> {
    match identity {
        Identity::SelfSigned => None,
        Identity::UnknownCa => Some(authority::unknown()),
        _ => Some(authority::known()),
    }
}

fn params(identity: Identity) -> CertificateParams {
    let names = match identity {
        Identity::WrongHost => vec!["other.example"],
        Identity::CommonNameOnly => vec![],
        _ => [&["localhost", "127.0.0.1", "::1"], &ABROAD[..]].concat(),
    };
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let mut params = CertificateParams::new(names).expect("names that a certificate can hold");
    let (first, last) = years(identity);
    params.not_before = rcgen::date_time_ymd(first, 1, 1);
    params.not_after = rcgen::date_time_ymd(last, 1, 1);
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.extended_key_usages = vec![match identity {
        Identity::ForClients => ExtendedKeyUsagePurpose::ClientAuth,
        _ => ExtendedKeyUsagePurpose::ServerAuth,
    }];
    params
}

fn years(identity: Identity) -> (i32, i32) {
    match identity {
        Identity::Expired => (2000, 2001),
        Identity::NotYetValid => (2098, 2099),
        _ => VALID_YEARS,
    }
}
