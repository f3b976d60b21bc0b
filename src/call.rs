//! Call: the deadline and the cancellation of one call.

use std::io::{self, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::time::Duration;

use crate::error::{Error, Result, Status};
use crate::process::PerProcess;

/// One call's deadline and cancellation, shared between the thread that calls and one that may cancel.
///
/// A cancelled `Call` stays cancelled: each call that it is given to fails with [`Status::Cancelled`].
pub struct Call {
    timeout: Option<Duration>,
    cancelled: AtomicBool,
    wake: PerProcess<Wake>,
}

/// A pair of sockets: a byte written to one end wakes a thread that polls the other.
struct Wake {
    poll: UnixStream,
    signal: UnixStream,
}

const MOST_TIMEOUT: Duration = Duration::from_secs(86_400);

impl Call {
    /// `timeout` runs from the start of the call that this is given to; `None` leaves the client's `timeout_ms`.
    /// More than a day counts as a day.
    pub fn new(timeout: Option<Duration>) -> Call {
        let timeout = timeout.map(|timeout| timeout.min(MOST_TIMEOUT));
        Call { timeout, cancelled: AtomicBool::new(false), wake: PerProcess::new() }
    }

    /// Ends the call that this was given to, or the next one. From any thread, any number of times.
    pub fn cancel(&self) {
        // The flag first: who makes the sockets after this looks at it again.
        self.cancelled.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if let Some(wake) = self.wake.get() {
            // Never drained, so one byte is enough, and a full buffer is as good.
            let _ = (&wake.signal).write(&[1]);
        }
    }

    /// Whether [`cancel`](Call::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// A descriptor that becomes readable, and stays so, once the call is cancelled.
    pub(crate) fn wake_descriptor(&self) -> Result<RawFd> {
        let wake = self.wake.get_or_try_init(Wake::new).map_err(|error| {
            let message = format!("no descriptor for the cancellation of a call: {error}");
            Error::new(Status::Internal, message)
        })?;
        fence(Ordering::SeqCst);
        if self.is_cancelled() {
            let _ = (&wake.signal).write(&[1]);
        }
        Ok(wake.poll.as_raw_fd())
    }
}

impl Wake {
    fn new() -> io::Result<Wake> {
        let (poll, signal) = UnixStream::pair()?;
        signal.set_nonblocking(true)?;
        Ok(Wake { poll, signal })
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("timeout", &self.timeout).field("cancelled", &self.is_cancelled()).finish()
    }
}
