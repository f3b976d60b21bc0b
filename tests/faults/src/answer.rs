//! An HTTP answer, as a well-behaved server would write it.

use std::time::SystemTime;

/// One answer. Faults start from a good one and change what they are about.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// An answer with a body of that type and its right length.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        Answer { status, headers: Vec::new(), body: Vec::new() }
            .header("Date", &httpdate::fmt_http_date(SystemTime::now()))
            .header("Server", "nginx")
            .header("Content-Type", content_type)
            .header("Content-Length", &body.len().to_string())
            .with_body(body)
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer::new(status, "application/json", body)
            .header("Vary", "Accept, Accept-Language, Cookie")
            .header("Allow", "POST, OPTIONS")
    }

    /// An HTML page.
    pub(crate) fn html(status: u16, title: &str) -> Answer {
        let body =
            format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n");
        Answer::new(status, "text/html; charset=utf-8", body)
    }

    /// The answer to a good login, with this token.
    pub(crate) fn token(token: &str) -> Answer {
        Answer::json(200, format!(r#"{{"token":"{token}"}}"#))
    }

    /// Adds a header; a second one of the same name stays beside the first.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes every header of that name away.
    pub(crate) fn without(mut self, name: &str) -> Answer {
        self.headers.retain(|header| !header.0.eq_ignore_ascii_case(name));
        self
    }

    /// Sets a header in the place of those of the same name.
    pub(crate) fn replacing(self, name: &str, value: &str) -> Answer {
        self.without(name).header(name, value)
    }

    /// Replaces the body and leaves the headers as they are, right or wrong.
    pub(crate) fn with_body(mut self, body: impl Into<Vec<u8>>) -> Answer {
        self.body = body.into();
        self
    }

    /// Status line, headers and the blank line.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// The whole answer.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [self.head(), self.body.clone()].concat()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        415 => "Unsupported Media Type",
        423 => "Locked",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Whatever",
    }
}
