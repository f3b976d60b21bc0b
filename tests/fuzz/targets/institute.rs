#![no_main]
//! What a user calls an institute: whatever is accepted stands for one origin, which every other reader of URLs sees
//! the same way; whatever is refused is told in a short and printable sentence.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;
use libfuzzer_sys::fuzz_target;
use testpress::fuzzing::{Institute, institute};
use testpress::{Error, Status};

fuzz_target!(|text: &str| {
    let strict = institute(text, false);
    let lenient = institute(text, true);
    for result in [&strict, &lenient] {
        match result {
            Ok(institute) => check(text, institute),
            Err(error) => check_error(text, error),
        }
    }
    match (strict, lenient) {
        (Ok(strict), Ok(lenient)) => assert_eq!(strict, lenient),
        (Ok(_), Err(error)) => panic!("allow_http forbids: {error}"),
        (Err(_), Ok(lenient)) => assert!(!lenient.https, "allow_http allows more than http"),
        (Err(_), Err(_)) => {}
    }
});

fn check(text: &str, found: &Institute) {
    assert_eq!(institute(&found.origin, true).as_ref(), Ok(found), "an origin is read as another one");
    assert!(found.port != 0 && is_host(&found.host), "{found:?}");
    // What the request's URL is made of, as ureq reads it.
    let uri: Uri = format!("{}/api/v2.5/auth-token/", found.origin).parse().expect("an origin begins a URL");
    let scheme = if found.https { "https" } else { "http" };
    assert_eq!((uri.scheme_str(), uri.host()), (Some(scheme), Some(found.host.as_str())));
    assert_eq!(uri.port_u16().unwrap_or(if found.https { 443 } else { 80 }), found.port);
    assert_eq!(uri.path(), "/api/v2.5/auth-token/");
    // And what the user gave, where it is a URL: no other host than the one that is seen there.
    if let Some((_, uri)) = text.split_once("://").zip(text.parse::<Uri>().ok()) {
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        let same_address = host.trim_matches(['[', ']']).parse::<Ipv6Addr>().ok().map(|address| format!("[{address}]"));
        assert_eq!(same_address.unwrap_or(host), found.host, "{text:?}");
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    host.parse::<Ipv4Addr>().is_ok()
        || (host.len() <= 253 && host.split('.').all(is_label) && !ends_like_a_number(host))
}

fn is_label(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
}

/// Such a name is an address to inet_aton, and thus to getaddrinfo.
fn ends_like_a_number(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|label| label.starts_with(|first: char| first.is_ascii_digit()))
}

fn check_error(text: &str, error: &Error) {
    assert_eq!(error.status(), Status::InvalidArgument);
    let message = error.message();
    assert!(message.starts_with("institute ") && message.len() < 800, "{message:?}");
    assert!(!message.chars().any(char::is_control), "{message:?}");
    // What stands before it may be a password, so all of them are told the same.
    if text.contains('@') {
        assert_eq!(Some(message), institute("a@b", true).err().as_ref().map(Error::message));
    }
}
