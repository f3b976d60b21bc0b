//! Attempt: the one that this thread is making, and how far it got.
//!
//! ureq runs everything on the calling thread and hands no context to a transport, so the call's context and the
//! progress of the current attempt are in a thread-local. It has no destructor: a library that may be unloaded must not
//! register one.

use std::cell::Cell;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

use super::transport_error::TransportError;
use crate::call::CallContext;
use crate::sys::pollfd;

/// The steps of a call, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Start,
    Resolve,
    Connect,
    /// A proxy is asked for a connection to the host.
    Tunnel,
    Handshake,
    Send,
    Wait,
    Receive,
}

/// What a call may have to do with kept connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pooling {
    /// Takes one if there is one, and keeps its own.
    Yes,
    /// Makes a new one, and keeps it.
    KeepOnly,
    No,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) context: CallContext,
    /// Counts until the connection is made.
    pub(super) connect_deadline: Instant,
    pub(super) phase: Phase,
    /// The connection was used before: its end may have come before this request.
    pub(super) reused: bool,
    /// Whether a connection may be taken from the pool, and whether it may go there.
    pub(super) pool: Pooling,
    /// When the first byte of the request may have left: from then on the server may have seen it.
    pub(super) sent_at: Option<Instant>,
    /// A byte of the answer came (of the plain text: a TLS close is none).
    pub(super) answer_begun: bool,
}

impl Attempt {
    pub(super) fn new(context: CallContext, connect_timeout: Duration) -> Attempt {
        Attempt {
            context,
            connect_deadline: Instant::now() + connect_timeout,
            phase: Phase::Start,
            reused: true,
            pool: Pooling::Yes,
            sent_at: None,
            answer_begun: false,
        }
    }

    /// The call's own context; until the connection is made, with the connection's deadline.
    fn limited(&self) -> CallContext {
        if self.phase <= Phase::Handshake { self.context.until(self.connect_deadline) } else { self.context }
    }
}

thread_local! {
    static CURRENT: Cell<Option<Attempt>> = const { Cell::new(None) };
}

/// Runs `body` as the thread's current attempt, and returns how far it got. Attempts nest: a log callback may itself
/// log in.
pub(super) fn run<T>(attempt: Attempt, body: impl FnOnce() -> T) -> (T, Attempt) {
    struct Restore(Option<Attempt>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let _restore = Restore(CURRENT.replace(Some(attempt)));
    let result = body();
    (result, CURRENT.get().unwrap_or(attempt))
}

pub(super) fn current() -> Option<Attempt> {
    CURRENT.get()
}

pub(super) fn update(change: impl FnOnce(&mut Attempt)) {
    if let Some(mut attempt) = CURRENT.get() {
        change(&mut attempt);
        CURRENT.set(Some(attempt));
    }
}

pub(super) fn enter(phase: Phase) {
    update(|attempt| attempt.phase = phase);
}

fn context() -> Result<CallContext, TransportError> {
    let outside = || TransportError::Internal("a transport outside of a call".to_owned());
    current().map(|attempt| attempt.limited()).ok_or_else(outside)
}

/// Waits until `socket` is ready for `events`.
pub(super) fn wait(socket: RawFd, events: i16) -> Result<(), TransportError> {
    let mut descriptors = [pollfd { fd: socket, events, revents: 0 }];
    while !wait_any(&mut descriptors, None)? {}
    Ok(())
}

/// Waits until one of `descriptors` is ready (true) or `until` has passed (false).
pub(super) fn wait_any(descriptors: &mut [pollfd], until: Option<Instant>) -> Result<bool, TransportError> {
    Ok(context()?.wait(descriptors, until)?)
}

/// Whether the call may go on. Before each read: a server that always has more to say leaves nothing to wait for.
pub(super) fn check() -> Result<(), TransportError> {
    Ok(context()?.check()?)
}

/// Waits for `duration`, or until the deadline or a cancellation.
pub(super) fn sleep(duration: Duration) -> Result<(), TransportError> {
    Ok(context()?.sleep(duration)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn attempt(timeout: Duration) -> Attempt {
        let context = CallContext::new(None, timeout).unwrap();
        Attempt::new(context, timeout)
    }

    #[test]
    fn nested_attempts_keep_their_own_progress() {
        let (inner, outer) = run(attempt(Duration::from_secs(1)), || {
            enter(Phase::Send);
            let ((), inner) = run(attempt(Duration::from_secs(1)), || enter(Phase::Receive));
            inner
        });
        assert_eq!((inner.phase, outer.phase), (Phase::Receive, Phase::Send));
        assert!(current().is_none());
    }

    #[test]
    fn the_connect_deadline_ends_with_the_handshake() {
        let context = CallContext::new(None, Duration::from_secs(9)).unwrap();
        let mut attempt = Attempt::new(context, Duration::ZERO);
        attempt.phase = Phase::Handshake;
        assert!(attempt.limited().left().is_zero());
        attempt.phase = Phase::Send;
        assert_eq!(attempt.limited().deadline, context.deadline);
    }
}
