//! What a client sent.

/// One HTTP request, read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `POST`.
    pub method: String,
    /// The path as sent: `/api/v2.5/auth-token/`.
    pub target: String,
    /// Names and values in the order sent, names in the case sent.
    pub headers: Vec<(String, String)>,
    /// The body, byte by byte.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads a head, its blank line excluded. What is no request comes out with odd parts, never as a panic.
    pub(crate) fn from_head(head: &[u8]) -> Request {
        let text = String::from_utf8_lossy(head);
        let mut lines = text.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default().to_owned();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            (name.to_owned(), value.trim().to_owned())
        });
        Request { method, target, headers: headers.collect(), body: Vec::new() }
    }

    /// The first header of that name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        self.headers.iter().find(same).map(|header| header.1.as_str())
    }

    /// How many headers of that name there are.
    pub fn count(&self, name: &str) -> usize {
        self.headers.iter().filter(|header| header.0.eq_ignore_ascii_case(name)).count()
    }

    /// The length of the body to come. A client of ours always says it; chunked requests are not understood here.
    pub(crate) fn body_length(&self) -> usize {
        self.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_head_is_taken_apart() {
        let request = Request::from_head(b"POST /api/ HTTP/1.1\r\nHost: localhost\r\ncontent-LENGTH: 12");
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/api/"));
        assert_eq!(request.header("host"), Some("localhost"));
        assert_eq!(request.count("Content-Length"), 1);
        assert_eq!(request.body_length(), 12);
    }

    #[test]
    fn nonsense_is_no_panic() {
        for head in [&b""[..], b"\r\n", b"POST", b"\xff\xfe: \r\n:", b"POST / HTTP/1.1\r\nContent-Length: -1"] {
            assert_eq!(Request::from_head(head).body_length(), 0);
        }
    }
}
