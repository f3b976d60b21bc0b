//! PendingLogin: one login under way, and those who wait for it.

use std::io;
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, OnceLock};

use crate::call::{CallContext, Interruption};
use crate::error::{Error, Result, Status};
use crate::sys::{POLLIN, pollfd};
use crate::token::Token;

/// Its caller leads; the others poll its descriptor. However many they are, it takes two descriptors.
pub(super) struct PendingLogin {
    leader: usize,
    outcome: OnceLock<LoginOutcome>,
    poll: UnixStream,
    signal: UnixStream,
}

#[derive(Clone)]
pub(super) enum LoginOutcome {
    Token(Arc<Token>),
    Failed(Error),
    /// The leader was cancelled, or its own time was over: another may lead.
    HandedOver,
}

/// An address that no other thread has while this one runs. std's own number would leave a destructor with the thread.
fn this_thread() -> usize {
    thread_local! {
        static MARK: u8 = const { 0 };
    }
    MARK.with(|mark| std::ptr::from_ref(mark).addr())
}

impl PendingLogin {
    pub(super) fn begin() -> io::Result<PendingLogin> {
        let (poll, signal) = UnixStream::pair()?;
        Ok(PendingLogin { leader: this_thread(), outcome: OnceLock::new(), poll, signal })
    }

    /// Whether this thread leads it, and so is inside a callback of the login.
    pub(super) fn is_led_here(&self) -> bool {
        self.leader == this_thread()
    }

    pub(super) fn finish(&self, outcome: LoginOutcome) {
        let _ = self.outcome.set(outcome);
        // Not a close: a forked child may hold the same socket.
        let _ = self.signal.shutdown(Shutdown::Both);
    }

    pub(super) fn outcome(&self) -> Option<&LoginOutcome> {
        self.outcome.get()
    }

    /// Waits for the outcome; an error when the call must end first.
    pub(super) fn wait(&self, context: CallContext) -> Result<LoginOutcome> {
        // Readable for good once the login has finished.
        let mut polled = [pollfd { fd: self.poll.as_raw_fd(), events: POLLIN, revents: 0 }];
        context.wait(&mut polled, None).map_err(|interruption| interrupted(interruption, context))?;
        Ok(self.outcome().cloned().unwrap_or(LoginOutcome::HandedOver))
    }
}

/// The error of a call that ended while it waited for another's login.
pub(super) fn interrupted(interruption: Interruption, context: CallContext) -> Error {
    const WAITING: &str = "while waiting for another login of the same user";
    match interruption {
        Interruption::Cancelled => Error::new(Status::Cancelled, format!("cancelled {WAITING}")),
        Interruption::Failed(error) => Error::new(Status::Internal, format!("poll: {error}")),
        Interruption::TimedOut => {
            let milliseconds = context.timeout.as_millis();
            Error::new(Status::Timeout, format!("{milliseconds} ms (timeout_ms) passed {WAITING}"))
        }
    }
}
