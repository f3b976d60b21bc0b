//! Exchange: what the call on this thread may still do, and how far it got.
//!
//! ureq runs everything on the calling thread and hands no context to a transport, so the deadline, the cancellation
//! and the progress of the current call are in a thread-local. It has no destructor: a library that may be unloaded
//! must not register one.

use std::cell::Cell;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

use super::fault::Fault;
use crate::sys::{self, POLLIN, pollfd};
use crate::wait;

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
pub(super) struct Exchange {
    pub(super) deadline: Instant,
    /// Counts until the connection is made.
    pub(super) connect_deadline: Instant,
    /// Becomes readable when the call is cancelled.
    pub(super) wake: Option<RawFd>,
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

impl Exchange {
    pub(super) fn new(deadline: Instant, connect_deadline: Instant, wake: Option<RawFd>) -> Exchange {
        Exchange {
            deadline,
            connect_deadline,
            wake,
            phase: Phase::Start,
            reused: true,
            pool: Pooling::Yes,
            sent_at: None,
            answer_begun: false,
        }
    }

    fn limit(&self) -> Instant {
        if self.phase <= Phase::Handshake { self.deadline.min(self.connect_deadline) } else { self.deadline }
    }
}

thread_local! {
    static CURRENT: Cell<Option<Exchange>> = const { Cell::new(None) };
}

/// Runs `attempt` as the thread's current exchange, and returns how far it got. Exchanges nest: a log callback may
/// itself log in.
pub(super) fn run<T>(exchange: Exchange, attempt: impl FnOnce() -> T) -> (T, Exchange) {
    struct Restore(Option<Exchange>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let _restore = Restore(CURRENT.replace(Some(exchange)));
    let result = attempt();
    (result, CURRENT.get().unwrap_or(exchange))
}

pub(super) fn current() -> Option<Exchange> {
    CURRENT.get()
}

pub(super) fn update(change: impl FnOnce(&mut Exchange)) {
    if let Some(mut exchange) = CURRENT.get() {
        change(&mut exchange);
        CURRENT.set(Some(exchange));
    }
}

pub(super) fn enter(phase: Phase) {
    update(|exchange| exchange.phase = phase);
}

/// As many as one wait takes: the addresses of a host that race each other.
pub(super) const MOST_SOCKETS: usize = 16;

/// Waits until `socket` is ready for `events`.
pub(super) fn wait(socket: RawFd, events: i16) -> Result<(), Fault> {
    let mut descriptors = [pollfd { fd: socket, events, revents: 0 }];
    while !wait_any(&mut descriptors, None)? {}
    Ok(())
}

/// Waits until one of `descriptors` is ready (true) or `until` has passed (false).
pub(super) fn wait_any(descriptors: &mut [pollfd], until: Option<Instant>) -> Result<bool, Fault> {
    let exchange = current().ok_or_else(|| Fault::Internal("a transport outside of a call".to_owned()))?;
    let count = descriptors.len().min(MOST_SOCKETS);
    // poll(2) skips a negative descriptor.
    let mut polled = [pollfd { fd: exchange.wake.unwrap_or(-1), events: POLLIN, revents: 0 }; MOST_SOCKETS + 1];
    polled[..count].copy_from_slice(&descriptors[..count]);
    let limit = exchange.limit();
    let next = until.map_or(limit, |until| until.min(limit));
    match wait::until_ready(&mut polled[..=count], next) {
        Err(error) => return Err(Fault::Internal(format!("poll: {error}"))),
        Ok(false) if next == limit => return Err(Fault::Timeout),
        Ok(false) => return Ok(false),
        Ok(true) => {}
    }
    if polled[count].revents != 0 {
        return Err(Fault::Cancelled);
    }
    for (descriptor, polled) in descriptors.iter_mut().zip(&polled) {
        descriptor.revents = polled.revents;
    }
    Ok(true)
}

/// Whether the call may go on. Before each read: a server that always has more to say leaves nothing to wait for.
pub(super) fn check() -> Result<(), Fault> {
    let exchange = current().ok_or_else(|| Fault::Internal("a transport outside of a call".to_owned()))?;
    if Instant::now() >= exchange.limit() {
        return Err(Fault::Timeout);
    }
    let Some(wake) = exchange.wake else { return Ok(()) };
    match sys::poll(&mut [pollfd { fd: wake, events: POLLIN, revents: 0 }], 0) {
        Ok(1..) => Err(Fault::Cancelled),
        _ => Ok(()),
    }
}

/// Waits for `duration`, or until the deadline or a cancellation.
pub(super) fn sleep(duration: Duration) -> Result<(), Fault> {
    wait_any(&mut [], Some(Instant::now() + duration)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(timeout: Duration) -> Exchange {
        let deadline = Instant::now() + timeout;
        Exchange::new(deadline, deadline, None)
    }

    #[test]
    fn nested_exchanges_keep_their_own_progress() {
        let (inner, outer) = run(exchange(Duration::from_secs(1)), || {
            enter(Phase::Send);
            let ((), inner) = run(exchange(Duration::from_secs(1)), || enter(Phase::Receive));
            inner
        });
        assert_eq!((inner.phase, outer.phase), (Phase::Receive, Phase::Send));
        assert!(current().is_none());
    }

    #[test]
    fn the_connect_deadline_ends_with_the_handshake() {
        let now = Instant::now();
        let mut exchange = Exchange::new(now + Duration::from_secs(9), now, None);
        exchange.phase = Phase::Handshake;
        assert_eq!(exchange.limit(), now);
        exchange.phase = Phase::Send;
        assert_eq!(exchange.limit(), now + Duration::from_secs(9));
    }

    #[test]
    fn a_passed_deadline_ends_every_wait() {
        let (result, _) = run(exchange(Duration::ZERO), || sleep(Duration::from_secs(60)));
        assert!(matches!(result, Err(Fault::Timeout)));
    }
}
