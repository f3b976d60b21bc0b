//! Status lines and headers that are wrong, odd or too many.

use crate::answer::Answer;
use crate::connection::{Connection, Ending};
use crate::fault::{Fault, answer, script};
use crate::faults::well_behaved::good;
use crate::verdict::{BAD_RESPONSE, OK};

pub(super) const FAULTS: &[Fault] = &[
    script("garbage-status-line", "answers with a line that is not HTTP", BAD_RESPONSE, |c| {
        raw(c, b"SSH-2.0-OpenSSH_9.9\r\nnot: http\r\n\r\n")
    }),
    script("no-status-line", "answers with nothing but the JSON, as HTTP/0.9 did", BAD_RESPONSE, |c| {
        raw(c, br#"{"token":"eyJ.bare.json"}"#)
    }),
    script("status-not-a-number", "answers with the status 2OO, with letters", BAD_RESPONSE, |c| {
        raw(c, b"HTTP/1.1 2OO OK\r\nContent-Length: 2\r\n\r\n{}")
    }),
    script("status-999", "answers with a good token under the status 999", BAD_RESPONSE, |c| {
        c.read_request()?;
        c.answer(&Answer::json(999, r#"{"token":"eyJ.nine.nine"}"#))?;
        Ok(Ending::Close)
    }),
    script("header-without-colon", "has a line among its headers that is none", BAD_RESPONSE, |c| {
        raw(c, b"HTTP/1.1 200 OK\r\nthis is no header\r\nContent-Length: 2\r\n\r\n{}")
    }),
    script("header-with-nul", "has a NUL in a header", BAD_RESPONSE, |c| {
        raw(c, b"HTTP/1.1 200 OK\r\nX-Odd: a\0b\r\nContent-Length: 2\r\n\r\n{}")
    }),
    answer("huge-headers", "has 300 KiB of headers", BAD_RESPONSE, || {
        (0..300).fold(good(), |answer, number| answer.header(&format!("X-Huge-{number}"), &"a".repeat(1024)))
    }),
    answer("thousand-headers", "has 1,000 short headers", BAD_RESPONSE, || {
        (0..1000).fold(good(), |answer, number| answer.header(&format!("X-Short-{number}"), "1"))
    }),
    script("http-1-0", "gives a good answer in HTTP/1.0 and closes", OK, |c| {
        let answer = good().to_bytes();
        raw(c, &[b"HTTP/1.0", &answer[b"HTTP/1.1".len()..]].concat())
    }),
    script("bare-line-feeds", "ends its lines with LF alone", OK, |c| {
        let head = String::from_utf8_lossy(&good().head()).replace("\r\n", "\n");
        let body = good().to_bytes().split_off(good().head().len());
        raw(c, &[head.as_bytes(), &body].concat())
    }),
    script("continue-first", "sends 100 Continue and 103 Early Hints before its good answer", OK, |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        c.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")?;
        c.answer(&good())?;
        c.serve(good)
    }),
    script("switching-protocols", "answers 101 and speaks something else from there", BAD_RESPONSE, |c| {
        raw(c, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n\0\0\x12\x04\0\0\0\0\0")
    }),
];

/// Answers a request with these bytes and closes.
fn raw(c: &mut Connection, bytes: &[u8]) -> std::io::Result<Ending> {
    c.read_request()?;
    c.send(bytes)?;
    Ok(Ending::Close)
}
