//! Host: a name or an address, with the port that may follow it in a URL's authority (RFC 3986, section 3.2).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Host {
    /// Lower-case ASCII, without a trailing dot.
    Name(String),
    Address(IpAddr),
}

/// Which names are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Those of public host names: passwords go there.
    OfInstitutes,
    /// Those of containers, too: with underscores, or hexadecimal ones.
    OfProxies,
}

impl Host {
    /// Reads a name or an IPv4 address; the error completes "the host …".
    pub(crate) fn parse(text: &str, names: Names) -> Result<Host, String> {
        let text = text.to_ascii_lowercase();
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Ok(Host::Address(IpAddr::V4(address)));
        }
        if text.len() > 253 {
            return Err("has a host name of more than 253 bytes".to_owned());
        }
        for label in text.split('.') {
            check_label(label, names)?;
        }
        let last = text.rsplit('.').next().unwrap_or_default();
        // "127.1" and "0x7f.1" are names to us and addresses to the system's resolver.
        let digits = last.strip_prefix("0x").unwrap_or(last);
        let doubtful = match names {
            Names::OfInstitutes => last.starts_with(|c: char| c.is_ascii_digit()),
            Names::OfProxies => digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() < last.len(),
        };
        if doubtful {
            return Err("has a last label that could be a number, and is no IPv4 address".to_owned());
        }
        Ok(Host::Name(text))
    }

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

/// Reads `host`, `host:port`, `[address]` or `[address]:port`.
pub(crate) fn parse_authority(authority: &str, names: Names) -> Result<(Host, Option<u16>), String> {
    let (host, port) = split_port(authority);
    let port = match port {
        None => None,
        Some(port) => Some(parse_port(port).ok_or("has a port that is not 1 to 65535")?),
    };
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => {
            let address = address.parse::<Ipv6Addr>().map_err(|_| "has a malformed IPv6 address")?;
            Host::Address(IpAddr::V6(address))
        }
        None => Host::parse(host, names)?,
    };
    Ok((host, port))
}

/// Splits at the colon before a port, if any; the colons inside an IPv6 address's brackets are not meant.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rfind(':') {
        Some(colon) if !authority[colon..].contains(']') => (&authority[..colon], Some(&authority[colon + 1..])),
        _ => (authority, None),
    }
}

pub(crate) fn parse_port(port: &str) -> Option<u16> {
    // `u16::from_str` would take "+443".
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    port.parse().ok().filter(|&port| port != 0)
}

/// One part of a name, between dots.
pub(crate) fn check_label(label: &str, names: Names) -> Result<(), String> {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || (b == b'_' && names == Names::OfProxies);
    if label.is_empty() {
        return Err("has an empty label".to_owned());
    }
    if label.len() > 63 {
        return Err("has a label of more than 63 bytes".to_owned());
    }
    if let Some(bad) = label.chars().find(|&c| !u8::try_from(c).is_ok_and(inner)) {
        return Err(format!("has the character {bad:?}, which is not for host names"));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err("has a label that starts or ends with \"-\"".to_owned());
    }
    Ok(())
}
