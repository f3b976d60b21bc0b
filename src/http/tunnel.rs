//! Tunnel: asks a proxy for a connection to the origin (CONNECT: RFC 9110, section 9.3.6). The proxy sees the origin's
//! name and, with https, nothing of what follows.

use std::fmt::Write as _;

use zeroize::{Zeroize, Zeroizing};

use super::attempt::{self, Phase};
use super::tcp_socket::{SendError, Socket};
use super::transport_error::TransportError;
use crate::institute::Origin;
use crate::proxy::Proxy;

/// The head of an answer, with those of interim answers.
const MAX_HEAD: usize = 8 * 1024;
const MOST_HEADERS: usize = 128;

/// Makes `socket`, connected to `proxy`, one to `origin`.
pub(super) fn open(
    socket: &mut Socket,
    proxy: &Proxy,
    origin: &Origin,
    user_agent: &str,
) -> Result<(), TransportError> {
    attempt::enter(Phase::Tunnel);
    let mut question = question(proxy, origin, user_agent);
    let sent = socket.send_all(question.as_bytes());
    question.zeroize();
    // A proxy that takes no more may have said why.
    if let Err(SendError::TransportError(fault)) = sent {
        return Err(fault);
    }
    let answer = receive_answer(socket)?;
    match answer.status {
        200..300 => Ok(()),
        _ => Err(refusal(&answer, proxy, origin)),
    }
}

/// The same for whatever goes wrong on the way to the proxy.
pub(super) fn blame(fault: TransportError) -> TransportError {
    let unanswered = |message| TransportError::Proxy { message, retryable: true, answered: false };
    match fault {
        TransportError::Dns(reason) => unanswered(format!("could not be looked up: {reason}")),
        TransportError::Connect(reason) => unanswered(format!("can't be reached: {reason}")),
        TransportError::Lost(reason) => unanswered(format!("gave no answer: {reason}")),
        fault => fault,
    }
}

fn question(proxy: &Proxy, origin: &Origin, user_agent: &str) -> String {
    let authority = authority(origin);
    let authorization = proxy.authorization.as_ref().map_or("", |secret| secret.as_str());
    // Room for all of it: a string that grows leaves copies.
    let mut question = String::with_capacity(128 + 2 * authority.len() + user_agent.len() + authorization.len());
    let _ = write!(question, "CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\nuser-agent: {user_agent}\r\n");
    if !authorization.is_empty() {
        let _ = write!(question, "proxy-authorization: {authorization}\r\n");
    }
    question.push_str("\r\n");
    question
}

/// With the port, always: CONNECT knows no default.
fn authority(origin: &Origin) -> String {
    format!("{}:{}", origin.host, origin.port)
}

struct Answer {
    status: u16,
    /// The authentication schemes that it offers.
    schemes: Vec<&'static str>,
}

enum Parsed {
    Whole(Answer),
    /// More is to come; the status, as soon as it is known.
    Part(Option<u16>),
}

fn receive_answer(socket: &mut Socket) -> Result<Answer, TransportError> {
    // A proxy may send the credentials back.
    let mut head = Zeroizing::new([0; MAX_HEAD]);
    let (mut filled, mut status) = (0, None);
    loop {
        let amount = match socket.receive(&mut head[filled..]) {
            Ok(0) => Err(TransportError::Lost("it closed the connection".to_owned())),
            received => received,
        };
        filled += amount.map_err(|fault| cut_off(fault, status))?;
        match parse(&head[..filled])? {
            Parsed::Whole(answer) => return Ok(answer),
            Parsed::Part(known) => status = known,
        }
        if filled == MAX_HEAD {
            return Err(not_a_proxy("its answer has a head of more than 8 KiB"));
        }
    }
}

/// An answer that says no is not asked for again because its end is missing: wrong credentials may be counted.
fn cut_off(fault: TransportError, status: Option<u16>) -> TransportError {
    match (fault, status) {
        (TransportError::Lost(_), Some(status @ 400..500)) => {
            let message = format!("refused the tunnel ({status}), and closed the connection amid its answer");
            TransportError::Proxy { message, retryable: false, answered: true }
        }
        (fault, _) => fault,
    }
}

/// The final answer at the end of `bytes`.
fn parse(mut bytes: &[u8]) -> Result<Parsed, TransportError> {
    let mut config = httparse::ParserConfig::default();
    config.allow_obsolete_multiline_headers_in_responses(true).allow_spaces_after_header_name_in_responses(true);
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let length = match config.parse_response(&mut response, bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Ok(Parsed::Part(response.code)),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(not_a_proxy("its answer has a head of more than 128 headers"));
            }
            Err(_) => return Err(not_a_proxy("what it answered is not HTTP/1.1")),
        };
        bytes = &bytes[length..];
        match response.code.unwrap_or_default() {
            // Interim: 101 would be a change of protocol that nobody asked for.
            100 | 102..200 => {}
            // Nothing can follow before we speak, in TLS as in HTTP: what does is a page where the tunnel should be.
            200..300 if !bytes.is_empty() => return Err(not_a_proxy("it sent a page in place of a tunnel")),
            status @ 101..600 => return Ok(Parsed::Whole(Answer { status, schemes: schemes(response.headers) })),
            _ => return Err(not_a_proxy("what it answered is not HTTP/1.1")),
        }
    }
}

/// Of the registered ones (RFC 9110, section 11.2), those that proxies use. An unknown word is not repeated: it may be
/// anything, our credentials included.
const SCHEMES: &[&str] = &["Basic", "Bearer", "Digest", "Kerberos", "Negotiate", "NTLM"];
const ANOTHER: &str = "another";

/// The first word of each challenge: a header may have several, and each has parameters with commas of their own.
fn schemes(headers: &[httparse::Header<'_>]) -> Vec<&'static str> {
    let challenges = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("proxy-authenticate"));
    let values = challenges.filter_map(|header| str::from_utf8(header.value).ok());
    let mut found = Vec::new();
    for value in values {
        let first_words = value.split(',').filter_map(|part| part.split_whitespace().next());
        for (at, word) in first_words.enumerate() {
            let known = SCHEMES.iter().find(|scheme| scheme.eq_ignore_ascii_case(word)).copied();
            // Beyond the first, an unknown word is a parameter of the challenge before.
            let scheme = known.or((at == 0).then_some(ANOTHER));
            found.extend(scheme.filter(|scheme| !found.contains(scheme)));
        }
    }
    found
}

fn refusal(answer: &Answer, proxy: &Proxy, origin: &Origin) -> TransportError {
    let Answer { status, schemes } = answer;
    let tunnel = authority(origin);
    let knows_basic = schemes.is_empty() || schemes.contains(&"Basic");
    let message = match status {
        // tinyproxy says 401 where it means that the credentials are wrong.
        401 | 407 if !knows_basic => format!(
            "asks for {} authentication ({status}), and Basic is all that can be given: \
             ask its administrator for Basic, or for an exception",
            schemes.join(" or ")
        ),
        401 | 407 if proxy.authorization.is_some() => format!(
            "did not accept the user name and password in its URL ({status}): \
             check them; special characters are percent-encoded there"
        ),
        401 | 407 => format!(
            "asks for a user name and password ({status}): put them into its URL, as in http://user:password@{proxy}"
        ),
        500.. => format!("could not reach {tunnel} ({status})"),
        429 => format!("has no time for {tunnel} now ({status})"),
        _ => format!("refused a tunnel to {tunnel} ({status}): its administrator must allow that host and port"),
    };
    TransportError::Proxy { message, retryable: matches!(status, 429 | 500..), answered: true }
}

fn not_a_proxy(what: &str) -> TransportError {
    let message = format!("is none: {what}; check its host and port");
    TransportError::Proxy { message, retryable: false, answered: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(answer: &[u8]) -> Option<u16> {
        match parse(answer).unwrap() {
            Parsed::Whole(answer) => Some(answer.status),
            Parsed::Part(_) => None,
        }
    }

    #[test]
    fn an_answer_ends_with_its_head() {
        assert_eq!(status(b"HTTP/1.1 200 Connection established\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.0 200 OK\r\nVia: x\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 \r\n\r\n"), Some(204));
        assert_eq!(status(b"HTTP/1.1 407 X\r\n\r\n<html>"), Some(407));
        assert_eq!(status(b""), None);
        assert_eq!(status(b"HTTP/1.1 200 OK\r\n"), None);
        assert_eq!(status(b"HTTP/1.1 100 Continue\r\n\r\n"), None);
        for answer in [
            "HTTP/1.1 200 OK\r\n\r\n<html>",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "\x15\x03\x01\0\x02\x02\x50",
            "HTTP/2 200\r\n\r\n",
        ] {
            assert!(
                matches!(parse(answer.as_bytes()), Err(TransportError::Proxy { answered: true, .. })),
                "{answer:?}"
            );
        }
    }

    #[test]
    fn schemes_are_known_words_and_no_others_are_repeated() {
        let schemes = |challenges: &str| match parse(format!("HTTP/1.1 407 X\r\n{challenges}\r\n\r\n").as_bytes()) {
            Ok(Parsed::Whole(answer)) => answer.schemes,
            _ => panic!("{challenges}"),
        };
        assert_eq!(schemes("Proxy-Authenticate: negotiate\r\nproxy-authenticate: NTLM"), ["Negotiate", "NTLM"]);
        let both = "Proxy-Authenticate: Digest realm = \"a, b\", nonce=\"x\", qop, Basic realm=\"c\"";
        assert_eq!(schemes(both), ["Digest", "Basic"]);
        assert_eq!(schemes("Proxy-Authenticate: hunter2"), [ANOTHER]);
        assert_eq!(schemes("Proxy-Authenticate: Basic\r\n realm=\"folded\""), ["Basic"]);
    }

    #[test]
    fn a_refusal_without_its_end_is_one() {
        let lost = || TransportError::Lost("closed".to_owned());
        assert!(matches!(cut_off(lost(), Some(407)), TransportError::Proxy { answered: true, retryable: false, .. }));
        assert!(matches!(cut_off(lost(), Some(200)), TransportError::Lost(_)));
        assert!(matches!(cut_off(lost(), None), TransportError::Lost(_)));
        assert!(matches!(parse(b"HTTP/1.1 407 X\r\nProxy-Auth"), Ok(Parsed::Part(Some(407)))));
    }
}
