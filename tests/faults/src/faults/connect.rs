//! Before a byte of TLS: no request can have been seen.

use crate::connection::Ending;
use crate::fault::{Door, Fault, script};
use crate::verdict::{CONNECT, OK, TIMEOUT, TLS};

pub(super) const FAULTS: &[Fault] = &[
    script("dead-port", "refuses every connection", CONNECT.after(3), |_| Ok(Ending::Close)).behind(Door::Closed),
    script("connect-stalls", "never finishes the TCP handshake: the backlog is full", TIMEOUT.unsent(), |_| {
        Ok(Ending::Close)
    })
    .behind(Door::Full),
    script("accept-silent", "accepts and reads, never says a word, not even in TLS", TIMEOUT.unsent(), |_| {
        Ok(Ending::Silence)
    })
    .behind(Door::Bare),
    script("accept-deaf", "accepts, and neither reads nor writes", TIMEOUT.unsent(), |_| Ok(Ending::Freeze))
        .behind(Door::Bare),
    script("close-on-accept", "closes every connection at once", TLS.retryable().after(3), |_| Ok(Ending::Close))
        .behind(Door::Bare),
    script("reset-on-accept", "resets every connection at once", CONNECT.or("TP_E_TLS").after(3), |_| {
        Ok(Ending::Reset)
    })
    .behind(Door::Bare),
    script("refuses-twice", "resets the first two connections, then is well-behaved", OK.after(3), |c| {
        if c.number() <= 2 {
            return Ok(Ending::Reset);
        }
        c.shake_hands()?;
        c.serve(super::well_behaved::good)
    })
    .behind(Door::Bare),
];
