//! Proxy: where a tunnel begins, and who asks for it.

mod environment;
mod no_proxy;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::Result;
use crate::host::{self, Host, Names};
use crate::institute::Origin;
use crate::process::Environment;
use crate::secret::Secret;

/// Where an HTTP proxy listens, and the credentials for it.
#[derive(Clone, Debug)]
pub(crate) struct Proxy {
    pub(crate) host: Host,
    pub(crate) port: u16,
    /// The value of `Proxy-Authorization` (RFC 7617).
    pub(crate) authorization: Option<Arc<Secret>>,
}

/// The option `proxy`.
#[derive(Clone, Debug)]
pub(crate) enum Choice {
    Environment,
    None,
    Url(Proxy),
}

/// As an error says it.
pub(crate) const URL_TAKES: &str = "http://[user:password@]host[:port]";
/// curl's.
const DEFAULT_PORT: u16 = 1080;

impl Choice {
    /// Reads the option's value. The error completes "the value …" and repeats nothing of it but one character.
    pub(crate) fn parse(value: &str) -> std::result::Result<Choice, String> {
        match value {
            "env" => Ok(Choice::Environment),
            "none" => Ok(Choice::None),
            url => Proxy::parse(url).map(Choice::Url),
        }
    }

    /// The proxy for requests to `origin`, if any. What is malformed in the environment is an error, never a direct
    /// connection.
    pub(crate) fn proxy_for(&self, origin: &Origin, environment: &Environment) -> Result<Option<Proxy>> {
        match self {
            Choice::Environment => environment::proxy_for(origin, environment),
            Choice::None => Ok(None),
            Choice::Url(proxy) => Ok(Some(proxy.clone())),
        }
    }
}

impl Proxy {
    fn parse(url: &str) -> std::result::Result<Proxy, String> {
        // Such as the CR of a file with Windows' line ends.
        let url = url.trim_ascii();
        let rest = match url.split_once("://") {
            None => url,
            Some((scheme, rest)) => {
                check_scheme(scheme)?;
                rest
            }
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, authority) = match rest.rsplit_once('@') {
            None => (None, rest),
            Some((user, authority)) => (Some(user), authority),
        };
        if authority.is_empty() {
            return Err("has no host".to_owned());
        }
        if authority.contains(['/', '?', '#', '\\']) {
            return Err("has a path, query or fragment".to_owned());
        }
        let (host, port) = host::parse_authority(authority, Names::OfProxies)?;
        let authorization = user.map(basic).transpose()?.map(Arc::new);
        Ok(Proxy { host, port: port.unwrap_or(DEFAULT_PORT), authorization })
    }
}

/// Without the credentials.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

fn check_scheme(scheme: &str) -> std::result::Result<(), String> {
    const OTHERS: &[&str] = &["https", "socks4", "socks4a", "socks5", "socks5h"];
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "http" {
        return Ok(());
    }
    // A scheme that nobody knows may be a part of a password.
    let known = OTHERS.iter().find(|other| **other == scheme);
    Err(known.map_or("has an unknown scheme".to_owned(), |name| format!("has the scheme {name}")))
}

/// `Basic` and the credentials, whose special characters are percent-encoded in a URL.
fn basic(user: &str) -> std::result::Result<Secret, String> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let (name, password) = (percent_decode(name)?, percent_decode(password)?);
    if name.contains(&b':') {
        return Err("has a user name with a colon, which Basic authentication can't send".to_owned());
    }
    let credentials = Zeroizing::new([&name[..], b":", &password[..]].concat());
    let encoded = Zeroizing::new(STANDARD.encode(&*credentials));
    Secret::join(&["Basic ", &encoded]).ok_or("has a NUL".to_owned())
}

fn percent_decode(text: &str) -> std::result::Result<Zeroizing<Vec<u8>>, String> {
    let mut decoded = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let (byte, after) = match byte {
            b'%' => escape(after).ok_or("has a \"%\" in its user or password that two hex digits should follow")?,
            byte => (byte, after),
        };
        // RFC 7617, section 2.
        if byte.is_ascii_control() {
            return Err("has a control character in its user or password".to_owned());
        }
        decoded.push(byte);
        rest = after;
    }
    Ok(decoded)
}

fn escape(after: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
    Some(((digit(0)? * 16 + digit(1)?) as u8, &after[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str) -> Proxy {
        Proxy::parse(url).unwrap()
    }

    fn authorization(url: &str) -> String {
        proxy(url).authorization.unwrap().as_str().to_owned()
    }

    #[test]
    fn hosts_and_ports() {
        assert_eq!(proxy("http://proxy.example.com:3128").to_string(), "proxy.example.com:3128");
        assert_eq!(proxy("HTTP://Proxy:3128/").to_string(), "proxy:3128");
        assert_eq!(proxy("proxy:3128").to_string(), "proxy:3128");
        assert_eq!(proxy("http://my_proxy").to_string(), "my_proxy:1080");
        assert_eq!(proxy("http://3proxy:3128\r").to_string(), "3proxy:3128");
        assert_eq!(proxy("http://[::1]:3128").to_string(), "[::1]:3128");
        assert_eq!(proxy("192.0.2.1:80").to_string(), "192.0.2.1:80");
        assert!(proxy("http://proxy").authorization.is_none());
    }

    /// The example of RFC 7617, section 2.
    #[test]
    fn credentials_are_basic() {
        assert_eq!(authorization("http://Aladdin:open%20sesame@proxy"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(authorization("http://Aladdin:open sesame@proxy"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(authorization("a:b@c@proxy"), format!("Basic {}", STANDARD.encode("a:b@c")));
        assert_eq!(authorization("a:b:%3a@proxy"), format!("Basic {}", STANDARD.encode("a:b::")));
        assert_eq!(authorization("a@proxy"), format!("Basic {}", STANDARD.encode("a:")));
        assert_eq!(authorization("a:p%C3%A4@proxy"), authorization("a:pä@proxy"));
    }

    #[test]
    fn refuses_what_is_malformed_and_never_repeats_it() {
        for url in [
            "",
            "http://",
            "http://hunter2@",
            "http://u:hunter2@/",
            "https://u:hunter2@proxy",
            "socks5://u:hunter2@proxy",
            "hunter2://proxy",
            "http://u:hunter2@proxy/path",
            "http://u:hunter2@proxy?hunter2",
            "http://u:hunter2@proxy:0",
            "http://u:hunter2@proxy:hunter2",
            "http://u:hunter2@pro xy",
            "http://u:hunter2@proxy:80:80",
            "http://u:hunter2%@proxy",
            "http://u:hunter2%2@proxy",
            "http://u:hunter2%zz@proxy",
            "http://u:hunter2%0a@proxy",
            "http://u:hunter2%00@proxy",
            "http://u:hunter2\n@proxy",
            "http://u:hunter2@127.1",
            "http://u:hunter2@0x7f.0x1",
            "http://u:hunter2@0X7F",
            "http://u%3a:hunter2@proxy",
            "http://u:hunter2@[::1",
            "http://u:hunter2@prö.xy",
            "http://u:hunter2",
        ] {
            let reason = Proxy::parse(url).unwrap_err();
            assert!(reason.starts_with("has ") && !reason.contains("hunter2"), "{url}: {reason}");
        }
    }

    #[test]
    fn no_text_shows_the_credentials() {
        let proxy = proxy("http://user:hunter2@proxy:3128");
        let texts = format!("{proxy} {proxy:?} {:?}", Choice::Url(proxy.clone()));
        let encoded = proxy.authorization.as_ref().unwrap().as_str();
        assert!(!texts.contains("hunter2") && !texts.contains(encoded), "{texts}");
    }
}
