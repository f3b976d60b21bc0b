//! `NO_PROXY`: which hosts are reached without a proxy. There is no standard; this is curl's reading of it, and beyond it
//! ports, `*.` before a domain and `*` beside other entries, as other clients take them.

use std::net::IpAddr;

use crate::host::{self, Host};

/// Whether one of the entries, between commas or blanks, covers `host` at `port`.
pub(super) fn covers(entries: &str, host: &Host, port: u16) -> bool {
    let separator = |c: char| c == ',' || c.is_ascii_whitespace();
    entries.split(separator).filter(|entry| !entry.is_empty()).any(|entry| entry == "*" || matches(entry, host, port))
}

fn matches(entry: &str, host: &Host, port: u16) -> bool {
    match host {
        Host::Name(name) => {
            let (domain, wanted) = entry.split_once(':').map_or((entry, None), |(domain, port)| (domain, Some(port)));
            wanted.is_none_or(|wanted| host::parse_port(wanted) == Some(port)) && is_within(name, domain)
        }
        Host::Address(address) => matches_address(entry, *address, port),
    }
}

/// `example.com`, `.example.com` and `*.example.com` all stand for the domain and what is below it.
fn is_within(name: &str, domain: &str) -> bool {
    let domain = domain.strip_prefix('*').unwrap_or(domain);
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
    match name.strip_suffix(domain.as_str()) {
        Some(before) => !domain.is_empty() && (before.is_empty() || before.ends_with('.')),
        None => false,
    }
}

/// An address, with a port or without, or a network such as `10.0.0.0/8`.
fn matches_address(entry: &str, address: IpAddr, port: u16) -> bool {
    if let Some((network, bits)) = entry.split_once('/') {
        let (bits, wanted) = bits.split_once(':').map_or((bits, None), |(bits, port)| (bits, Some(port)));
        if wanted.is_some_and(|wanted| host::parse_port(wanted) != Some(port)) {
            return false;
        }
        return parse_address(network)
            .zip(bits.parse().ok())
            .is_some_and(|(network, bits)| is_in_network(address, network, bits));
    }
    // An IPv6 address without brackets has colons of its own.
    if parse_address(entry) == Some(address) {
        return true;
    }
    entry
        .rsplit_once(':')
        .is_some_and(|(entry, wanted)| host::parse_port(wanted) == Some(port) && parse_address(entry) == Some(address))
}

fn parse_address(text: &str) -> Option<IpAddr> {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text).parse().ok()
}

fn is_in_network(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(entries: &str, url: &str) -> bool {
        let (host, port) = host::parse_authority(url, host::Names::OfInstitutes).unwrap();
        covers(entries, &host, port.unwrap_or(443))
    }

    #[test]
    fn domains_cover_what_is_below_them() {
        for entries in [
            "testpress.in",
            ".testpress.in",
            "*.testpress.in",
            "TestPress.in.",
            "demo.testpress.in",
            "*",
            "a.com,testpress.in",
            "a.com testpress.in",
            " a.com , ,, testpress.in ",
            "a.com\ttestpress.in",
            "a.com,*",
            "testpress.in:443",
            "demo.testpress.in:443",
        ] {
            assert!(covered(entries, "demo.testpress.in"), "{entries:?}");
        }
        for entries in [
            "",
            " ",
            ",",
            ".",
            "*.",
            ":",
            "press.in",
            "x.demo.testpress.in",
            "testpress.in:8443",
            "in.testpress",
            "testpress.in:x",
        ] {
            assert!(!covered(entries, "demo.testpress.in"), "{entries:?}");
        }
        assert!(covered("testpress.in:8443", "demo.testpress.in:8443"));
        assert!(covered("localhost,127.0.0.1", "localhost:8443"));
    }

    #[test]
    fn addresses_and_networks() {
        for entries in [
            "192.0.2.7",
            "192.0.2.7:443",
            "192.0.2.0/24:443",
            "192.0.2.0/24",
            "0.0.0.0/0",
            "192.0.2.7/32",
            "10.0.0.0/8,192.0.2.4/30",
        ] {
            assert!(covered(entries, "192.0.2.7"), "{entries:?}");
        }
        for entries in [
            "192.0.2.8",
            "2.7",
            ".2.7",
            "192.0.2.7:80",
            "192.0.2.8/32",
            "192.0.2.7/33",
            "192.0.2.0/24:80",
            "192.0.2.7/x",
            "::/0",
        ] {
            assert!(!covered(entries, "192.0.2.7"), "{entries:?}");
        }
        for entries in ["::1", "[::1]", "[::1]:443", "::/0", "0:0::1", "::1/128"] {
            assert!(covered(entries, "[::1]"), "{entries:?}");
        }
        for entries in ["::2", "[::1]:80", "fe80::/10", "1", "::1/129", "0.0.0.0/0"] {
            assert!(!covered(entries, "[::1]"), "{entries:?}");
        }
    }
}
