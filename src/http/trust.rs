//! Trust: the CA certificates that vouch for an institute, and the certificate that vouches for us.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::RootCertStore;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Settings;
use crate::error::{Error, Result, Status};
use crate::process::Environment;
use crate::sys;

/// Where the systems keep their bundle. One file: the directory beside it holds the same certificates once more, one
/// file each, and takes hundreds of opens to read.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",                            // openSUSE
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Red Hat 7 and later
    "/etc/ssl/cert.pem",                                 // Alpine, macOS, the BSDs
    "/usr/local/share/certs/ca-root-nss.crt",            // FreeBSD
];

/// Whom a client trusts, decided when it is made: `ca_file`, else the environment's, else the system's.
///
/// OpenSSL reads both variables where both are set; on most systems the directory holds what the file has, once more, in
/// hundreds of files, so here it counts without the file alone.
pub(super) enum TrustSource {
    CaFile(PathBuf),
    EnvironmentFile(PathBuf),
    EnvironmentDirectories(OsString),
    System,
}

impl TrustSource {
    pub(super) fn new(settings: &Settings, environment: &Environment) -> TrustSource {
        if let Some(path) = &settings.ca_file {
            TrustSource::CaFile(path.clone())
        } else if let Some(path) = environment.get("SSL_CERT_FILE") {
            TrustSource::EnvironmentFile(path.into())
        } else if let Some(directories) = environment.get("SSL_CERT_DIR") {
            TrustSource::EnvironmentDirectories(directories.to_owned())
        } else {
            TrustSource::System
        }
    }

    /// Its kind, and what the user named.
    pub(super) fn name(&self) -> (&'static str, &OsStr) {
        match self {
            TrustSource::CaFile(path) => ("ca_file", path.as_os_str()),
            TrustSource::EnvironmentFile(path) => ("SSL_CERT_FILE", path.as_os_str()),
            TrustSource::EnvironmentDirectories(directories) => ("SSL_CERT_DIR", directories),
            TrustSource::System => ("", OsStr::new("")),
        }
    }

    pub(super) fn roots(&self) -> Result<Arc<RootCertStore>> {
        let store = match self {
            TrustSource::CaFile(path) => store(certificates("option ca_file", path)?, "option ca_file", path)?,
            TrustSource::EnvironmentFile(path) => {
                let all = parsable(parse(&read("SSL_CERT_FILE", path)?));
                some(all, || format!("SSL_CERT_FILE: {} has no PEM certificate", path.display()))?
            }
            TrustSource::EnvironmentDirectories(directories) => {
                let all = parsable(std::env::split_paths(directories).flat_map(|path| in_directory(&path)).collect());
                some(all, || "SSL_CERT_DIR names no directory with a PEM certificate".to_owned())?
            }
            TrustSource::System => return system(),
        };
        Ok(Arc::new(store))
    }
}

fn some(store: RootCertStore, otherwise: impl FnOnce() -> String) -> Result<RootCertStore> {
    if store.is_empty() { Err(Error::invalid(otherwise())) } else { Ok(store) }
}

/// A directory of hashed links may hold files of other kinds; what is no certificate is passed over, as OpenSSL does.
fn in_directory(directory: &Path) -> Vec<CertificateDer<'static>> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().take(MOST_FILES);
    entries.filter_map(|entry| read("SSL_CERT_DIR", &entry.path()).ok()).flat_map(|text| parse(&text)).collect()
}

/// The system's bundle, read once in a process. A race of two readers is won by one of them, and nobody waits.
fn system() -> Result<Arc<RootCertStore>> {
    static SYSTEM: OnceBox<Arc<RootCertStore>> = OnceBox::new();
    SYSTEM.get_or_try_init(|| first_bundle().map(|store| Box::new(Arc::new(store)))).cloned()
}

/// The first that is there and has a certificate. Out of descriptors is not "no bundle".
fn first_bundle() -> Result<RootCertStore> {
    for path in BUNDLES {
        match read("the system's CA bundle", Path::new(path)).map(|text| parsable(parse(&text))) {
            Ok(store) if !store.is_empty() => return Ok(store),
            Err(error) if error.status() == Status::Internal => return Err(error),
            _ => {}
        }
    }
    let message = "the system has no trusted CA certificates: install its ca-certificates package, \
                   or set ca_file or SSL_CERT_FILE";
    Err(Error::new(Status::Tls, message))
}

/// Old roots in a system's bundle may be malformed by today's rules; they are passed over.
fn parsable(certificates: Vec<CertificateDer<'static>>) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates);
    store
}

fn parse(text: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(text).filter_map(std::result::Result::ok).collect()
}

/// `what` is how the user named the file.
fn certificates(what: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let text = read(what, path)?;
    let all: std::result::Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
    match all {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Error::invalid(format!("{what}: {} is no PEM file with a certificate", path.display()))),
    }
}

fn store(certificates: Vec<CertificateDer<'static>>, what: &str, path: &Path) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        store.add(certificate).map_err(|error| {
            Error::invalid(format!("{what}: {} has a malformed certificate: {error}", path.display()))
        })?;
    }
    Ok(store)
}

/// More than any bundle, and less than what a device such as /dev/zero would give.
const MAX_FILE: u64 = 4 * 1024 * 1024;
const MOST_FILES: usize = 4096;

/// Never waits: not for the writer of a pipe, nor for a device.
fn read(what: &str, path: &Path) -> Result<Vec<u8>> {
    let refuse = |reason: String| Error::invalid(format!("{what}: {}: {reason}", path.display()));
    let failed = |error: io::Error| match sys::is_exhausted(&error) {
        true => Error::new(Status::Internal, format!("{what}: {}: {error}", path.display())),
        false => refuse(error.to_string()),
    };
    let file = fs::OpenOptions::new().read(true).custom_flags(sys::O_NONBLOCK).open(path).map_err(failed)?;
    // Of the file that was opened, not of whatever has its name by now.
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(refuse("not a regular file".to_owned()));
    }
    let mut text = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_FILE {
        return Err(refuse(format!("more than {MAX_FILE} bytes are too many for a PEM file")));
    }
    Ok(text)
}

/// A client certificate with its key.
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

/// The options `client_cert_file` and `client_key_file`: both, or neither.
pub(super) fn identity(settings: &Settings) -> Result<Option<Identity>> {
    let (cert, key) = match (&settings.client_cert_file, &settings.client_key_file) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert, key),
        (Some(_), None) => return Err(Error::invalid("option client_cert_file needs client_key_file, too")),
        (None, Some(_)) => return Err(Error::invalid("option client_key_file needs client_cert_file, too")),
    };
    let text = zeroize::Zeroizing::new(read("option client_key_file", key)?);
    let parsed = PrivateKeyDer::from_pem_slice(&text).map_err(|_| {
        let reason = "is no PEM file with a private key (an encrypted one is not supported)";
        Error::invalid(format!("option client_key_file: {} {reason}", key.display()))
    })?;
    Ok(Some(Identity { chain: certificates("option client_cert_file", cert)?, key: parsed }))
}
