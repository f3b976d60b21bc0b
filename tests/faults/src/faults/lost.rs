//! The request went out and the answer never comes, or not all of it: nobody knows what the server did.

use std::time::Duration;

use crate::connection::{Connection, Ending};
use crate::fault::{Door, Fault, script};
use crate::faults::well_behaved::good;
use crate::verdict::{CUT_SHORT, OUTCOME_UNKNOWN, TIMEOUT};

pub(super) const FAULTS: &[Fault] = &[
    script("silent-after-tls", "finishes the handshake, then neither reads nor writes", TIMEOUT, |_| {
        Ok(Ending::Freeze)
    }),
    script("stops-reading", "reads the first bytes of a request, and has no room for a long one", TIMEOUT, |c| {
        c.begin_request()?;
        Ok(Ending::Freeze)
    })
    .with_narrow_window(),
    script("sips-request", "takes the request at 256 bytes every 50 ms", TIMEOUT, |c| c.sip(Duration::from_millis(50)))
        .with_narrow_window(),
    script(
        "stops-reading-plain",
        "reads the first bytes of a request, and has no room for a long one, in plain HTTP",
        TIMEOUT,
        |c| {
            c.begin_request()?;
            Ok(Ending::Freeze)
        },
    )
    .behind(Door::Plain)
    .with_narrow_window(),
    script("sips-request-plain", "takes the request at 256 bytes every 50 ms, in plain HTTP", TIMEOUT, |c| {
        c.sip(Duration::from_millis(50))
    })
    .behind(Door::Plain)
    .with_narrow_window(),
    script("silent-after-request", "reads the request and never answers", TIMEOUT, |c| {
        c.read_request()?;
        Ok(Ending::Silence)
    }),
    script("silent-after-request-plain", "reads the request and never answers, in plain HTTP", TIMEOUT, |c| {
        c.read_request()?;
        Ok(Ending::Silence)
    })
    .behind(Door::Plain),
    script("close-before-answer", "reads the request, then closes properly", OUTCOME_UNKNOWN, |c| {
        c.read_request()?;
        Ok(Ending::Close)
    }),
    script("cut-before-answer", "reads the request, then closes without close_notify", OUTCOME_UNKNOWN, |c| {
        c.read_request()?;
        Ok(Ending::Cut)
    }),
    script("reset-before-answer", "reads the request, then resets the connection", OUTCOME_UNKNOWN, |c| {
        c.read_request()?;
        Ok(Ending::Reset)
    }),
    script(
        "reset-before-answer-plain",
        "reads the request, then resets the connection, in plain HTTP",
        OUTCOME_UNKNOWN,
        |c| {
            c.read_request()?;
            Ok(Ending::Reset)
        },
    )
    .behind(Door::Plain),
    script("reset-mid-request", "resets the connection at the request's first bytes", OUTCOME_UNKNOWN, |c| {
        c.begin_request()?;
        Ok(Ending::Reset)
    }),
    script("reset-after-headers", "resets the connection before the request's body is read", OUTCOME_UNKNOWN, |c| {
        c.read_head()?;
        Ok(Ending::Reset)
    }),
    script("half-head-then-silent", "answers half a head, then says no more", TIMEOUT, |c| {
        half_head(c, Ending::Silence)
    }),
    script("half-head-then-close", "answers half a head, then closes properly", OUTCOME_UNKNOWN, |c| {
        half_head(c, Ending::Close)
    }),
    script("half-head-then-reset", "answers half a head, then resets the connection", OUTCOME_UNKNOWN, |c| {
        half_head(c, Ending::Reset)
    }),
    script("half-answer-then-silent", "answers half a body, then says no more", TIMEOUT, |c| {
        half_body(c, Ending::Silence)
    }),
    script("half-answer-then-close", "answers half a body, then closes properly", CUT_SHORT, |c| {
        half_body(c, Ending::Close)
    }),
    script("half-answer-then-reset", "answers half a body, then resets the connection", CUT_SHORT, |c| {
        half_body(c, Ending::Reset)
    }),
];

fn half_head(c: &mut Connection, ending: Ending) -> std::io::Result<Ending> {
    let half = good().head().len() / 2;
    beginning(c, half, ending)
}

fn half_body(c: &mut Connection, ending: Ending) -> std::io::Result<Ending> {
    let head = good().head().len();
    let body = good().to_bytes().len() - head;
    beginning(c, head + body / 2, ending)
}

fn beginning(c: &mut Connection, length: usize, ending: Ending) -> std::io::Result<Ending> {
    c.read_request()?;
    c.send(&good().to_bytes()[..length])?;
    Ok(ending)
}
