//! Connections that are kept for a second request and don't last, and servers that don't wait for a request's end.

use std::time::Duration;

use crate::answer::Answer;
use crate::connection::{Connection, Ending};
use crate::fault::{Fault, script};
use crate::faults::answers::throttled;
use crate::faults::well_behaved::good;
use crate::verdict::{BAD_REQUEST, OK, OUTCOME_UNKNOWN, THROTTLED};

pub(super) const FAULTS: &[Fault] = &[
    script("stale-keepalive", "closes a reused connection at its second request, without a byte of answer", OK, |c| {
        answer_first(c)?;
        c.read_request()?;
        Ok(Ending::Close)
    })
    .then(OK.after(2)),
    script("stale-keepalive-reset", "resets a reused connection at its second request", OK, |c| {
        answer_first(c)?;
        c.begin_request()?;
        Ok(Ending::Reset)
    })
    .then(OK.after(2)),
    script(
        "stale-keepalive-twice",
        "closes every connection at its second request, and new ones at their first",
        OK,
        |c| {
            if c.number() == 1 {
                answer_first(c)?;
            }
            c.read_request()?;
            Ok(Ending::Close)
        },
    )
    .then(OUTCOME_UNKNOWN.after(2)),
    script("idle-close", "closes a connection after its first answer, which did not say so", OK, |c| {
        answer_first(c)?;
        Ok(Ending::Close)
    }),
    script("idle-reset", "resets a connection after its first answer", OK, |c| {
        answer_first(c)?;
        Ok(Ending::Reset)
    }),
    script("half-answer-on-reuse", "closes a reused connection amid the answer to its second request", OK, |c| {
        answer_first(c)?;
        c.read_request()?;
        c.send(b"HTTP/1.1 200 ")?;
        Ok(Ending::Close)
    })
    .then(OUTCOME_UNKNOWN),
    script("answer-ahead", "sends a second answer that nobody asked for behind the first", OK, |c| {
        c.read_request()?;
        let surplus = Answer::token("answer-to-another-request");
        c.send(&[good().to_bytes(), surplus.to_bytes()].concat())?;
        c.serve(good)
    }),
    script("answer-ahead-2048", "the same, behind a first answer that just fills a buffer of 2048 bytes", OK, |c| {
        c.read_request()?;
        let surplus = Answer::token("answer-to-another-request");
        c.send(&[padded(2048).to_bytes(), surplus.to_bytes()].concat())?;
        c.serve(good)
    }),
    script(
        "stale-keepalive-late",
        "reads a reused connection's second request, and closes after two seconds",
        OK,
        |c| {
            answer_first(c)?;
            c.read_request()?;
            c.pause(Duration::from_secs(2))?;
            Ok(Ending::Close)
        },
    )
    .then(OUTCOME_UNKNOWN),
    script(
        "early-429",
        "answers 429 before it has read the request's body, then resets the connection",
        THROTTLED,
        |c| {
            c.read_head()?;
            c.answer(&throttled().header("Connection", "close"))?;
            Ok(Ending::Reset)
        },
    ),
    script("early-413", "answers 413 to the first bytes of a request, then closes", BAD_REQUEST, |c| {
        c.begin_request()?;
        c.answer(&Answer::html(413, "Request Entity Too Large").header("Connection", "close"))?;
        Ok(Ending::Close)
    }),
];

/// The good answer, in exactly `size` bytes.
fn padded(size: usize) -> Answer {
    let missing = size.saturating_sub(good().header("X-Padding", "").to_bytes().len());
    good().header("X-Padding", &"x".repeat(missing))
}

fn answer_first(c: &mut Connection) -> std::io::Result<()> {
    c.read_request()?;
    c.answer(&good())
}
