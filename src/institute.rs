//! What a user calls an institute ("demo", "learn.example.com", "https://…"), and the one origin it stands for.
//! Credentials may go to that origin only, so anything doubtful is refused here.

use std::fmt;

use crate::error::{Error, Result};
use crate::host::{self, Host, Names};

/// A scheme, a host and a port (RFC 6454): where credentials and tokens may go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    pub(crate) https: bool,
    pub(crate) host: Host,
    pub(crate) port: u16,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != default_port(self.https) {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

impl Origin {
    /// Reads an institute. `allow_http` permits plain http to more than loopback.
    pub(crate) fn parse(institute: &str, allow_http: bool) -> Result<Origin> {
        check_characters(institute)?;
        match institute.split_once("://") {
            Some((scheme, rest)) => parse_url(institute, scheme, rest, allow_http),
            None if institute.contains('.') => {
                Ok(https(Host::parse(institute, Names::OfInstitutes).map_err(|reason| refuse(institute, &reason))?))
            }
            None => {
                host::check_label(institute, Names::OfInstitutes).map_err(|reason| refuse(institute, &reason))?;
                let name = format!("{}.testpress.in", institute.to_ascii_lowercase());
                Ok(https(Host::Name(name)))
            }
        }
    }
}

fn https(host: Host) -> Origin {
    Origin { https: true, host, port: 443 }
}

const TAKES: &str = "it takes a subdomain (\"demo\"), a domain (\"learn.example.com\") or an https URL";

fn check_characters(institute: &str) -> Result<()> {
    if institute.is_empty() {
        return Err(Error::invalid(format!("institute is empty: {TAKES}")));
    }
    if institute.contains('@') {
        // What stands before the "@" may be a password: it is not repeated.
        return Err(Error::invalid(format!("institute has an \"@\": {TAKES}, without a user")));
    }
    if let Some(bad) = institute.chars().find(|c| c.is_control() || c.is_whitespace() || !c.is_ascii()) {
        let hint = if bad.is_ascii() { "" } else { "; write an international domain in its xn-- form" };
        return Err(Error::invalid(format!("institute has the character {bad:?}: {TAKES}{hint}")));
    }
    if institute.len() > 300 {
        return Err(Error::invalid(format!("institute is {} bytes long: {TAKES}", institute.len())));
    }
    Ok(())
}

fn parse_url(institute: &str, scheme: &str, rest: &str, allow_http: bool) -> Result<Origin> {
    let https = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return Err(refuse(institute, "has a scheme other than https")),
    };
    // A lone slash is what a browser's address bar adds.
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains(['/', '?', '#', '\\']) {
        return Err(refuse(institute, "has a path, query or fragment"));
    }
    let (host, port) =
        host::parse_authority(authority, Names::OfInstitutes).map_err(|reason| refuse(institute, &reason))?;
    let port = port.unwrap_or(default_port(https));
    if !https && !allow_http && !host.is_loopback() {
        let reason = "would send the password in plain text: use https (or set allow_http to true in a closed network)";
        return Err(refuse(institute, reason));
    }
    Ok(Origin { https, host, port })
}

fn refuse(institute: &str, reason: &str) -> Error {
    // Already checked to be short enough to repeat, printable, and without a user. What comes after the host may be a
    // secret, such as a sign-on URL's.
    let host_at = institute.find("://").map_or(0, |at| at + 3);
    let end = institute[host_at..].find(['/', '?', '#', '\\']).map_or(institute.len(), |at| host_at + at);
    let rest = if end < institute.len() { "…" } else { "" };
    Error::invalid(format!("institute \"{}{rest}\" {reason}: {TAKES}", &institute[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(institute: &str) -> String {
        Origin::parse(institute, false).unwrap().to_string()
    }

    fn refused(institute: &str) -> String {
        Origin::parse(institute, false).unwrap_err().message().to_owned()
    }

    #[test]
    fn names_domains_and_urls() {
        assert_eq!(origin("demo"), "https://demo.testpress.in");
        assert_eq!(origin("DEMO"), "https://demo.testpress.in");
        assert_eq!(origin("learn.example.com"), "https://learn.example.com");
        assert_eq!(origin("https://learn.example.com/"), "https://learn.example.com");
        assert_eq!(origin("HTTPS://Learn.Example.com:443"), "https://learn.example.com");
        assert_eq!(origin("https://learn.example.com:8443"), "https://learn.example.com:8443");
        assert_eq!(origin("https://[::1]:8443"), "https://[::1]:8443");
        assert_eq!(origin("192.0.2.1"), "https://192.0.2.1");
    }

    #[test]
    fn plain_http_is_for_loopback() {
        assert_eq!(origin("http://127.0.0.1:8000"), "http://127.0.0.1:8000");
        assert_eq!(origin("http://localhost"), "http://localhost");
        assert_eq!(origin("http://[::1]:80"), "http://[::1]");
        assert!(refused("http://demo.testpress.in").contains("plain text"));
        assert!(refused("http://127.0.0.1.example.com").contains("plain text"));
        let allowed = Origin::parse("http://demo.testpress.in", true).unwrap();
        assert_eq!(allowed.to_string(), "http://demo.testpress.in");
    }

    #[test]
    fn refuses_what_could_mean_another_host() {
        for institute in [
            "",
            " ",
            "a b",
            "demo ",
            "demo@x",
            "evil.com/#",
            "evil.com/",
            "evil.com?x",
            "evil.com\\x",
            "demo\n",
            "demo\0",
            ".",
            "demo.",
            ".demo",
            "a..b",
            "-demo",
            "demo-",
            "démo",
            "demo:443",
            "learn.example.com:443",
            "_x",
            "127.1",
            "0x7f.1",
            "1.2.3.4.5",
            "https://",
            "https:///",
            "https://user:pw@x.com",
            "https://x.com/a",
            "https://x.com?q",
            "https://x.com#f",
            "https://x.com:0",
            "https://x.com:65536",
            "https://x.com:",
            "https://x.com:+443",
            "https://[::1",
            "https://[fe80::1%25eth0]",
            "https://::1",
            "ftp://x.com",
            "://x.com",
            "javascript:alert(1)",
            "https://x.com//",
            "https://a%2e.com",
            "https://https://x.com",
        ] {
            assert!(refused(institute).starts_with("institute"), "{institute:?}");
        }
        assert!(Origin::parse(&"a".repeat(64), false).is_err());
        assert!(Origin::parse(&"a".repeat(1 << 20), false).is_err());
    }

    #[test]
    fn a_password_in_an_institute_is_not_repeated() {
        assert!(!refused("https://user:hunter2@x.com").contains("hunter2"));
        let message = refused("https://x.com/sso?password=hunter2");
        assert!(message.contains("\"https://x.com…\"") && !message.contains("hunter2"), "{message}");
        assert!(!refused("x.com/hunter2").contains("hunter2"));
    }
}
