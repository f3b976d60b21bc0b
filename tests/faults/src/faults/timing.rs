//! Answers that never end, or not in time. A timeout per read would wait for all of them.

use std::time::Duration;

use crate::answer::Answer;
use crate::connection::Ending;
use crate::fault::{Door, Fault, script};
use crate::faults::well_behaved::good;

pub(super) const FAULTS: &[Fault] = &[
    script("drip", "gives a good answer at a byte every 50 ms", |c| {
        c.read_request()?;
        c.drip(&good().to_bytes(), EVERY)?;
        Ok(Ending::Close)
    }),
    script("drip-plain", "gives a good answer at a byte every 50 ms, in plain HTTP", |c| {
        c.read_request()?;
        c.drip(&good().to_bytes(), EVERY)?;
        Ok(Ending::Close)
    })
    .behind(Door::Plain),
    script("slow-drip", "gives a good answer at a byte every 2 ms: slow, but in time", |c| {
        c.read_request()?;
        c.drip(&good().to_bytes(), Duration::from_millis(2))?;
        Ok(Ending::Close)
    }),
    script("endless-header-drip", "drips headers, one every 50 ms, for ever", |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            c.send(b"X-Wait: a little longer\r\n")?;
            c.pause(EVERY)?;
        }
    }),
    script("endless-header", "sends headers for ever, as fast as they are taken", |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 200 OK\r\n")?;
        c.send_forever(&b"X-More: there is more where this came from\r\n".repeat(100))
    }),
    script("endless-header-line", "sends one header that has no end", |c| {
        c.read_request()?;
        c.send(b"HTTP/1.1 200 OK\r\nX-Long: ")?;
        c.send_forever(&[b'a'; 4096])
    }),
    script("endless-continue", "sends 100 Continue for ever, one every 50 ms", |c| {
        c.read_request()?;
        loop {
            c.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            c.pause(EVERY)?;
        }
    }),
    script("endless-body", "sends a body for ever that ends with the connection", |c| {
        c.read_request()?;
        c.send(&Answer::json(200, "").without("Content-Length").header("Connection", "close").head())?;
        c.send_forever(&[b' '; 4096])
    }),
    script("endless-chunks", "sends chunks for ever", |c| {
        c.read_request()?;
        c.send(&Answer::json(200, "").without("Content-Length").header("Transfer-Encoding", "chunked").head())?;
        c.send_forever(b"8\r\n        \r\n")
    }),
];

const EVERY: Duration = Duration::from_millis(50);
