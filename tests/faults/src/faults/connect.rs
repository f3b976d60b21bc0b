//! Before a byte of TLS: no request can have been seen.

use crate::connection::Ending;
use crate::fault::{Door, Fault, script};

pub(super) const FAULTS: &[Fault] = &[
    script("dead-port", "refuses every connection", |_| Ok(Ending::Close)).behind(Door::Closed),
    script("connect-stalls", "never finishes the TCP handshake: the backlog is full", |_| Ok(Ending::Close))
        .behind(Door::Full),
    script("accept-silent", "accepts and reads, never says a word, not even in TLS", |_| Ok(Ending::Silence))
        .behind(Door::Bare),
    script("accept-deaf", "accepts, and neither reads nor writes", |_| Ok(Ending::Freeze)).behind(Door::Bare),
    script("close-on-accept", "closes every connection at once", |_| Ok(Ending::Close)).behind(Door::Bare),
    script("reset-on-accept", "resets every connection at once", |_| Ok(Ending::Reset)).behind(Door::Bare),
    script("refuses-twice", "resets the first two connections, then is well-behaved", |c| {
        if c.number() <= 2 {
            return Ok(Ending::Reset);
        }
        c.shake_hands()?;
        c.serve(super::well_behaved::good)
    })
    .behind(Door::Bare),
];
