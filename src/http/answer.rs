//! Answer: a status, a body within its limit, and the few headers that matter.

use std::io::Read;
use std::time::SystemTime;

use ureq::http::header::{CONTENT_ENCODING, DATE, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, HeaderName, Response, Uri};
use zeroize::{Zeroize, Zeroizing};

use super::transport_error::TransportError;
use crate::institute::Origin;

/// An HTTP answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Empty when `unreadable`. Wiped after use: it may hold a token.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// Why the body could not be read, in words that complete "the answer …".
    pub(crate) unreadable: Option<Unreadable>,
    /// Seconds.
    pub(crate) retry_after: Option<u64>,
    /// The server's clock.
    pub(crate) date: Option<SystemTime>,
    pub(crate) redirect: Option<Redirect>,
}

/// Where a redirect points: its origin, and no more of it. The rest may be nobody's business.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Redirect {
    /// To another page of the same origin.
    Inside,
    To(String),
}

/// A body that is there, and of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    CutShort,
    TooLong(usize),
    Encoded,
}

/// Longer waits are as good as this one.
const MOST_WAIT: u64 = 86_400;

pub(super) fn read(response: Response<ureq::Body>, origin: &Origin, limit: usize) -> Result<Answer, ureq::Error> {
    let (head, body) = response.into_parts();
    let mut answer = Answer {
        status: head.status.as_u16(),
        body: Zeroizing::default(),
        unreadable: None,
        retry_after: retry_after(&head.headers),
        date: date(&head.headers),
        redirect: head.status.is_redirection().then(|| redirect(&head.headers, origin)).flatten(),
    };
    if is_encoded(&head.headers) {
        answer.unreadable = Some(Unreadable::Encoded);
        return Ok(answer);
    }
    match read_body(body, limit)? {
        Ok(body) => answer.body = body,
        Err(problem) => answer.unreadable = Some(problem),
    }
    Ok(answer)
}

/// We offer no content coding, so any but "identity" is a fault (RFC 9110, section 12.5.3).
fn is_encoded(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Grows without leaving copies behind, and never beyond `limit`.
fn read_body(body: ureq::Body, limit: usize) -> Result<Result<Zeroizing<Vec<u8>>, Unreadable>, ureq::Error> {
    let length = body.content_length().unwrap_or(2048);
    if length > limit as u64 {
        return Ok(Err(Unreadable::TooLong(limit)));
    }
    // One more than announced: the read that finds the end.
    let mut bytes = Zeroizing::new(vec![0; length as usize + 1]);
    let mut filled = 0;
    let mut reader = body.into_reader();
    loop {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(amount) => filled += amount,
            Err(error) => return cut_short(error.into()).map(Err),
        }
        if filled > limit {
            return Ok(Err(Unreadable::TooLong(limit)));
        }
        if filled == bytes.len() {
            let mut larger = Zeroizing::new(vec![0; (2 * filled).min(limit + 1)]);
            larger[..filled].copy_from_slice(&bytes);
            bytes = larger;
        }
    }
    bytes[filled..].zeroize();
    bytes.truncate(filled);
    Ok(Ok(bytes))
}

/// A lost connection makes the body cut short; a passed deadline or a cancellation stays what it is.
fn cut_short(error: ureq::Error) -> Result<Unreadable, ureq::Error> {
    match &error {
        ureq::Error::Other(inner) => match inner.downcast_ref() {
            Some(TransportError::CutShort | TransportError::Lost(_)) => Ok(Unreadable::CutShort),
            _ => Err(error),
        },
        ureq::Error::Io(_) => Ok(Unreadable::CutShort),
        _ => Err(error),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, DATE)?).ok()
}

/// Seconds, or a date against the answer's own Date, so that this machine's clock does not matter (RFC 9110,
/// section 10.2.3). Rounded up, and capped.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = text(headers, RETRY_AFTER)?;
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value.parse().unwrap_or(MOST_WAIT).min(MOST_WAIT));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    let now = date(headers).unwrap_or_else(SystemTime::now);
    let wait = then.duration_since(now).unwrap_or_default();
    Some((wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).min(MOST_WAIT))
}

fn redirect(headers: &HeaderMap, origin: &Origin) -> Option<Redirect> {
    let scheme = if origin.https { "https" } else { "http" };
    let location = text(headers, LOCATION)?;
    // `Uri` takes a reference without a scheme for a path (RFC 3986, section 4.2).
    let absolute = if location.starts_with("//") { format!("{scheme}:{location}") } else { location.to_owned() };
    let location: Uri = absolute.parse().ok()?;
    let Some(host) = location.host() else {
        return Some(Redirect::Inside);
    };
    let scheme = location.scheme_str().unwrap_or(scheme);
    let port = location.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    let target = format!("{scheme}://{host}{port}");
    Some(if target == origin.to_string() { Redirect::Inside } else { Redirect::To(target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::HeaderValue;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn retry_after_in_both_forms() {
        let date = (DATE, "Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, expected) in [
            ("60", Some(60)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(MOST_WAIT)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(MOST_WAIT)),
            ("-1", None),
            ("soon", None),
            ("1.5", None),
            ("", None),
        ] {
            assert_eq!(retry_after(&headers(&[date.clone(), (RETRY_AFTER, value)])), expected, "{value}");
        }
        assert_eq!(retry_after(&headers(&[date])), None);
    }

    #[test]
    fn a_redirect_is_told_by_its_origin_alone() {
        let origin = Origin::parse("demo", false).unwrap();
        let to = |origin: &str| Some(Redirect::To(origin.to_owned()));
        for (location, expected) in [
            ("https://login.example.com/a?token=s3cret", to("https://login.example.com")),
            ("http://user:s3cret@example.com:8080/", to("http://example.com:8080")),
            ("//portal.example/start", to("https://portal.example")),
            ("http://demo.testpress.in/", to("http://demo.testpress.in")),
            ("https://demo.testpress.in/login/", Some(Redirect::Inside)),
            ("/login/?next=/", Some(Redirect::Inside)),
            ("::", None),
        ] {
            assert_eq!(redirect(&headers(&[(LOCATION, location)]), &origin), expected, "{location}");
        }
    }
}
