//! What clients have done to a server so far, and a way to wait for it.

use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::request::Request;

/// How much has happened on a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections accepted.
    pub connections: usize,
    /// Connections that are still open on the server's side.
    pub open: usize,
    /// Connections whose half the server has closed.
    pub finished: usize,
    /// `POST` requests begun, whether or not their end was read.
    pub posts: usize,
    /// Requests read to their end.
    pub requests: usize,
    /// Pieces of answers that were sent, each in a write of its own.
    pub pieces: usize,
}

/// The book that the threads of one server write to and that its owner reads.
#[derive(Debug, Default)]
pub(crate) struct Events {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    counts: Counts,
    requests: Vec<Request>,
    overheard: Vec<u8>,
    streams: Vec<Weak<TcpStream>>,
    stopped: bool,
}

impl Events {
    /// Enters a connection and gives its number, from 1; none when the server has been stopped.
    pub(crate) fn connected(&self, stream: &Arc<TcpStream>) -> Option<usize> {
        let mut state = self.lock();
        if state.stopped {
            return None;
        }
        state.streams.retain(|stream| stream.strong_count() > 0);
        state.streams.push(Arc::downgrade(stream));
        state.counts.connections += 1;
        state.counts.open += 1;
        self.changed.notify_all();
        Some(state.counts.connections)
    }

    pub(crate) fn disconnected(&self) {
        self.lock().counts.open -= 1;
        self.changed.notify_all();
    }

    pub(crate) fn finished(&self) {
        self.lock().counts.finished += 1;
        self.changed.notify_all();
    }

    pub(crate) fn post_begun(&self) {
        self.lock().counts.posts += 1;
        self.changed.notify_all();
    }

    pub(crate) fn sent_a_piece(&self) {
        self.lock().counts.pieces += 1;
        self.changed.notify_all();
    }

    pub(crate) fn requested(&self, request: Request) {
        let mut state = self.lock();
        state.counts.requests += 1;
        state.requests.push(request);
        self.changed.notify_all();
    }

    pub(crate) fn overhear(&self, bytes: &[u8]) {
        self.lock().overheard.extend_from_slice(bytes);
    }

    pub(crate) fn overheard(&self) -> Vec<u8> {
        self.lock().overheard.clone()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// Waits until the counts are as wanted; false when they are not in time.
    pub(crate) fn wait_until(&self, timeout: Duration, wanted: impl Fn(Counts) -> bool) -> bool {
        wanted(self.wait_while(timeout, |state| !wanted(state.counts)).counts)
    }

    /// Waits so long; false, and at once, when the server is stopped.
    pub(crate) fn pause(&self, duration: Duration) -> bool {
        !self.wait_while(duration, |state| !state.stopped).stopped
    }

    /// Waits for the server's end.
    pub(crate) fn wait_for_stop(&self) {
        let state = self.changed.wait_while(self.lock(), |state| !state.stopped);
        drop(state.unwrap_or_else(PoisonError::into_inner));
    }

    /// Ends every wait and every connection, wherever its thread stands. No connection is entered after this.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        for stream in state.streams.drain(..).filter_map(|stream| stream.upgrade()) {
            // A client that left first has closed it already.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    fn wait_while(&self, timeout: Duration, waiting: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let deadline = Instant::now() + timeout;
        let mut state = self.lock();
        while waiting(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
