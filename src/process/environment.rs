//! Environment: the variables that count, read once, when a client is made.
//!
//! Another thread that calls setenv(3) crashes whoever reads a variable at that moment, so no later call reads one.

use std::ffi::{OsStr, OsString};

use crate::sys;

const NAMES: &[&str] = &[
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "XDG_RUNTIME_DIR",
    "XDG_CACHE_HOME",
    "HOME",
    "TMPDIR",
];

/// Without `Debug`: a proxy's URL may hold a password.
pub(crate) struct Environment(Vec<(&'static str, OsString)>);

impl Environment {
    /// Empty in a process with raised privileges: whoever started it must not choose where its credentials go.
    pub(crate) fn read() -> Environment {
        if sys::has_raised_privileges() {
            return Environment(Vec::new());
        }
        let value = |&name: &&'static str| Some((name, std::env::var_os(name)?));
        Environment(NAMES.iter().filter_map(value).collect())
    }

    /// An empty variable counts as unset.
    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        debug_assert!(NAMES.contains(&name), "{name} is not read");
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    #[cfg(test)]
    pub(crate) fn of(variables: &[(&'static str, &str)]) -> Environment {
        Environment(variables.iter().map(|&(name, value)| (name, value.into())).collect())
    }
}
