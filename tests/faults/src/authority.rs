//! The throwaway certificate authorities of this process.

use std::sync::OnceLock;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};

/// A CA and its key.
pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

/// The CA that the CA file holds.
pub(crate) fn known() -> &'static Authority {
    static KNOWN: OnceLock<Authority> = OnceLock::new();
    KNOWN.get_or_init(|| create("Faults Test CA"))
}

/// A CA that no client has heard of.
pub(crate) fn unknown() -> &'static Authority {
    static UNKNOWN: OnceLock<Authority> = OnceLock::new();
    UNKNOWN.get_or_init(|| create("Unknown Corp Proxy CA"))
}

/// Certificates that were just issued are valid everywhere, even where a clock is a little behind.
pub(crate) const VALID_YEARS: (i32, i32) = (2020, 2099);

fn create(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(VALID_YEARS.0, 1, 1);
    params.not_after = rcgen::date_time_ymd(VALID_YEARS.1, 1, 1);
    let key = KeyPair::generate().expect("a key for a throwaway CA");
    CertifiedIssuer::self_signed(params, key).expect("a throwaway CA")
}
