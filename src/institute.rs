//! What a user calls an institute ("demo", "learn.example.com", "https://…"), and the one origin it stands for.
//! Credentials may go to that origin only, so anything doubtful is refused here.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::{Error, Result};

/// A scheme, a host and a port (RFC 6454): where credentials and tokens may go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    pub(crate) https: bool,
    pub(crate) host: Host,
    pub(crate) port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Host {
    /// Lower-case ASCII, without a trailing dot.
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// Only this machine can answer: loopback addresses, and `localhost` with its subdomains (RFC 6761, section 6.3).
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Address(address) => address.is_loopback(),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
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
            None if institute.contains('.') => Ok(https(parse_name(institute, institute)?)),
            None => {
                check_label(institute, institute)?;
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
    let (host, port) = split_port(authority);
    let port = match port {
        None => default_port(https),
        Some(port) => parse_port(port).ok_or_else(|| refuse(institute, "has a port that is not 1 to 65535"))?,
    };
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => Host::Address(IpAddr::V6(
            address.parse::<Ipv6Addr>().map_err(|_| refuse(institute, "has a malformed IPv6 address"))?,
        )),
        None => parse_name(institute, host)?,
    };
    if !https && !allow_http && !host.is_loopback() {
        let reason = "would send the password in plain text: use https (or set allow_http to true in a closed network)";
        return Err(refuse(institute, reason));
    }
    Ok(Origin { https, host, port })
}

/// Splits at the colon before a port, if any; the colons inside an IPv6 address's brackets are not meant.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rfind(':') {
        Some(colon) if !authority[colon..].contains(']') => (&authority[..colon], Some(&authority[colon + 1..])),
        _ => (authority, None),
    }
}

fn parse_port(port: &str) -> Option<u16> {
    // `u16::from_str` would take "+443".
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    port.parse().ok().filter(|&port| port != 0)
}

fn parse_name(institute: &str, name: &str) -> Result<Host> {
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Ok(Host::Address(IpAddr::V4(address)));
    }
    if name.len() > 253 {
        return Err(refuse(institute, "has a host name of more than 253 bytes"));
    }
    for label in name.split('.') {
        check_label(institute, label)?;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    // "127.1" and "0x7f.1" are names to us and addresses to the system's resolver.
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(refuse(institute, "has a last label that starts with a digit, and is no IPv4 address"));
    }
    Ok(Host::Name(name.to_ascii_lowercase()))
}

fn check_label(institute: &str, label: &str) -> Result<()> {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if label.is_empty() {
        return Err(refuse(institute, "has an empty label"));
    }
    if label.len() > 63 {
        return Err(refuse(institute, "has a label of more than 63 bytes"));
    }
    if let Some(bad) = label.bytes().find(|&b| !inner(b)) {
        let reason = format!("has the character {:?}, which is not for host names", char::from(bad));
        return Err(refuse(institute, &reason));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(refuse(institute, "has a label that starts or ends with \"-\""));
    }
    Ok(())
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
