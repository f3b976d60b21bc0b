//! Call: the deadline and the cancellation of one call, and the waits that keep both.

use std::io::{self, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::time::{Duration, Instant};

use crate::error::{Error, Result, Status};
use crate::process::PerProcess;
use crate::sys::{self, POLLIN, pollfd};

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

const MAX_TIMEOUT: Duration = Duration::from_secs(86_400);

impl Call {
    /// `timeout` runs from the start of the call that this is given to; `None` leaves the client's `timeout_ms`.
    /// More than a day counts as a day.
    pub fn new(timeout: Option<Duration>) -> Call {
        let timeout = timeout.map(|timeout| timeout.min(MAX_TIMEOUT));
        Call { timeout, cancelled: AtomicBool::new(false), wake: PerProcess::new() }
    }

    /// Ends the call that this was given to, or the next one. From any thread, any number of times.
    pub fn cancel(&self) {
        // The flag first: whoever makes the sockets after this looks at it again.
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

    /// A descriptor that becomes readable, and stays so, once the call is cancelled.
    fn wake_descriptor(&self) -> Result<RawFd> {
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

/// What every blocking step takes: how long the call may last, and what cancels it.
///
/// The deadline is absolute, so no number of waits and signals moves it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallContext {
    pub(crate) deadline: Instant,
    /// What the caller asked for, of which a part may be gone: for messages.
    pub(crate) timeout: Duration,
    /// Readable when the call is cancelled. The caller's [`Call`] owns it, and outlives the call.
    cancellation: Option<RawFd>,
}

/// Why a wait ended before what it waited for.
#[derive(Debug)]
pub(crate) enum Interruption {
    TimedOut,
    Cancelled,
    Failed(io::Error),
}

pub(crate) type Waited<T> = std::result::Result<T, Interruption>;

/// How many descriptors one wait takes.
pub(crate) const MAX_DESCRIPTORS: usize = 16;

impl CallContext {
    /// A call that begins now. `timeout` counts where `call` has none of its own.
    pub(crate) fn new(call: Option<&Call>, timeout: Duration) -> Result<CallContext> {
        let timeout = call.and_then(|call| call.timeout).unwrap_or(timeout);
        let cancellation = call.map(Call::wake_descriptor).transpose()?;
        Ok(CallContext { deadline: Instant::now() + timeout, timeout, cancellation })
    }

    /// The same call, which must now end by `deadline` or sooner.
    pub(crate) fn until(self, deadline: Instant) -> CallContext {
        CallContext { deadline: self.deadline.min(deadline), ..self }
    }

    /// The same call, for no longer than `limit` from now.
    pub(crate) fn at_most(self, limit: Duration) -> CallContext {
        CallContext { timeout: self.timeout.min(limit), ..self.until(Instant::now() + limit) }
    }

    pub(crate) fn left(self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Waits until one of `descriptors` is ready (true) or `until` has passed (false).
    pub(crate) fn wait(self, descriptors: &mut [pollfd], until: Option<Instant>) -> Waited<bool> {
        let count = descriptors.len().min(MAX_DESCRIPTORS);
        // poll(2) skips a negative descriptor.
        let cancellation = pollfd { fd: self.cancellation.unwrap_or(-1), events: POLLIN, revents: 0 };
        let mut polled = [cancellation; MAX_DESCRIPTORS + 1];
        polled[..count].copy_from_slice(&descriptors[..count]);
        let next = until.map_or(self.deadline, |until| until.min(self.deadline));
        if !poll_until(&mut polled[..=count], next).map_err(Interruption::Failed)? {
            return if next == self.deadline { Err(Interruption::TimedOut) } else { Ok(false) };
        }
        if polled[count].revents != 0 {
            return Err(Interruption::Cancelled);
        }
        for (descriptor, polled) in descriptors.iter_mut().zip(&polled) {
            descriptor.revents = polled.revents;
        }
        Ok(true)
    }

    /// Waits for `duration`.
    pub(crate) fn sleep(self, duration: Duration) -> Waited<()> {
        self.wait(&mut [], Some(Instant::now() + duration)).map(|_| ())
    }

    /// Whether the call may go on.
    pub(crate) fn check(self) -> Waited<()> {
        if Instant::now() >= self.deadline {
            return Err(Interruption::TimedOut);
        }
        let Some(fd) = self.cancellation else { return Ok(()) };
        match sys::poll(&mut [pollfd { fd, events: POLLIN, revents: 0 }], 0) {
            Ok(1..) => Err(Interruption::Cancelled),
            _ => Ok(()),
        }
    }
}

/// Waits until one of `descriptors` is ready (true) or `until` has passed (false), whatever signals arrive.
fn poll_until(descriptors: &mut [pollfd], until: Instant) -> io::Result<bool> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        let milliseconds = i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
        match sys::poll(descriptors, milliseconds) {
            // A signal: the moment is absolute, so it costs nothing but another look at the clock.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(0) => {}
            Ok(_) => return Ok(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passed_deadline_ends_every_wait() {
        let context = CallContext::new(None, Duration::ZERO).unwrap();
        assert!(matches!(context.sleep(Duration::from_secs(60)), Err(Interruption::TimedOut)));
        assert!(matches!(context.check(), Err(Interruption::TimedOut)));
    }

    #[test]
    fn a_limit_shortens_a_call_and_never_lengthens_it() {
        let context = CallContext::new(None, Duration::from_secs(9)).unwrap();
        assert_eq!(context.at_most(Duration::from_secs(60)).deadline, context.deadline);
        assert!(context.at_most(Duration::from_secs(1)).left() <= Duration::from_secs(1));
    }

    #[test]
    fn a_cancelled_call_ends_every_wait() {
        let call = Call::new(None);
        let context = CallContext::new(Some(&call), Duration::from_secs(60)).unwrap();
        assert!(context.check().is_ok());
        call.cancel();
        assert!(matches!(context.sleep(Duration::from_secs(60)), Err(Interruption::Cancelled)));
        assert!(matches!(context.check(), Err(Interruption::Cancelled)));
    }
}
