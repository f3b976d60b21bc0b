//! Answers that never end, or not in time. A timeout per read would wait for all of them.

use std::time::Duration;

use crate::answer::Answer;
use crate::connection::Ending;
use crate::fault::{Door, Fault, script};
use crate::faults::well_behaved::good;
use crate::verdict::{BAD_RESPONSE, OK, TIMEOUT};

pub(super) const FAULTS: &[Fault] = &[
    script("drip", "gives a good answer at a byte every 50 ms", TIMEOUT, |c| {
        c.read_request()?;
        c.drip(&good().to_bytes(), EVERY)?;
        Ok(Ending::Close)
    }),
    script("drip-plain", "gives a good answer at a byte every 50 ms, in plain HTTP", TIMEOUT, |c| {
        c.read_request()?;
        c.drip(&good().to_bytes(), EVERY)?;
        Ok(Ending::Close)
    })
    .behind(Door::Plain),
    script("drip-body", "gives the head of a good answer at once, and its body at a byte every 50 ms", TIMEOUT, |c| {
        c.read_request()?;
        c.send(&good().head())?;
        c.drip(&good().to_bytes()[good().head().len()..], EVERY)?;
        Ok(Ending::Close)
    }),
    script("slow-answer", "gives a good answer, a second after the request", OK, |c| {
        loop {
            c.read_request()?;
            c.pause(Duration::from_secs(1))?;
            c.answer(&good())?;
        }
    }),
    script("slow-drip", "gives a good answer at a byte every 2 ms: slow, but in time", OK, |c| {
        c.read_request()?;
        c.drip(&good().to_bytes(), Duration::from_millis(2))?;
        Ok(Ending::Close)
    }),
    script("endless-header-drip", "drips headers, one every 50 ms, for ever", TIMEOUT, |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            c.send(b"X-Wait: a little longer\r\n")?;
            c.pause(EVERY)?;
        }
    }),
    script("endless-header", "sends headers for ever, as fast as they are taken", BAD_RESPONSE, |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 200 OK\r\n")?;
        c.send_forever(&b"X-More: there is more where this came from\r\n".repeat(100))
    }),
    script("endless-header-line", "sends one header that has no end", BAD_RESPONSE, |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 200 OK\r\nX-Long: ")?;
        c.send_forever(&[b'a'; 4096])
    }),
    script("endless-continue", "sends 100 Continue for ever, one every 50 ms", TIMEOUT, |c| {
        c.read_request()?;
        loop {
            c.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            c.pause(EVERY)?;
        }
    }),
    script("endless-body", "sends a body for ever that ends with the connection", BAD_RESPONSE, |c| {
        c.read_request()?;
        c.send(&Answer::json(200, "").without("Content-Length").header("Connection", "close").head())?;
        c.send_forever(&[b' '; 4096])
    }),
    script("endless-chunks", "sends chunks for ever", BAD_RESPONSE, |c| {
        c.read_request()?;
        c.send(&Answer::json(200, "").without("Content-Length").header("Transfer-Encoding", "chunked").head())?;
        c.send_forever(b"8\r\n        \r\n")
    }),
];

const EVERY: Duration = Duration::from_millis(50);
