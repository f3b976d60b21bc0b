//! Patience: what is left of a call's time, and whether it was cancelled, for the waits that are no requests.

use std::os::fd::RawFd;
use std::time::{Duration, Instant};

use crate::call::Call;
use crate::deadline::Deadline;
use crate::error::{Error, Result, Status};
use crate::sys::{POLLIN, pollfd};
use crate::wait;

pub(super) struct Patience<'a> {
    pub(super) call: Option<&'a Call>,
    pub(super) deadline: Deadline,
}

impl<'a> Patience<'a> {
    pub(super) fn new(call: Option<&'a Call>, deadline: Deadline) -> Result<Patience<'a>> {
        if call.is_some_and(Call::is_cancelled) {
            return Err(Error::new(Status::Cancelled, "cancelled before a token was asked for"));
        }
        Ok(Patience { call, deadline })
    }

    /// The same, for no longer than `most` from now.
    pub(super) fn at_most(&self, most: Duration) -> Patience<'a> {
        Patience { call: self.call, deadline: self.deadline.at_most(most) }
    }

    pub(super) fn left(&self) -> Duration {
        self.deadline.left()
    }

    /// Waits until `descriptor` is readable; an error when the call must end first.
    pub(super) fn wait_for(&self, descriptor: RawFd) -> Result<()> {
        if self.wait(Some(descriptor), self.deadline.at)? { Ok(()) } else { Err(self.over()) }
    }

    /// Waits for `pause`; an error when the call must end first.
    pub(super) fn pause(&self, pause: Duration) -> Result<()> {
        let until = Instant::now() + pause;
        self.wait(None, until.min(self.deadline.at))?;
        if until >= self.deadline.at { Err(self.over()) } else { Ok(()) }
    }

    fn wait(&self, descriptor: Option<RawFd>, until: Instant) -> Result<bool> {
        let Ok(cancelled) = self.call.map(Call::wake_descriptor).transpose() else {
            return self.wait_without_descriptor(descriptor, until);
        };
        // poll(2) skips a negative descriptor.
        let readable = |fd: Option<RawFd>| pollfd { fd: fd.unwrap_or(-1), events: POLLIN, revents: 0 };
        let mut polled = [readable(descriptor), readable(cancelled)];
        let ready = wait::until_ready(&mut polled, until)
            .map_err(|error| Error::new(Status::Internal, format!("poll: {error}")))?;
        if polled[1].revents != 0 {
            return Err(Error::new(Status::Cancelled, "cancelled while another login of the same user was under way"));
        }
        Ok(ready)
    }

    /// As `wait`, in a process that has no descriptor left for this call's cancellation.
    fn wait_without_descriptor(&self, descriptor: Option<RawFd>, until: Instant) -> Result<bool> {
        const LOOK: Duration = Duration::from_millis(50);
        loop {
            let slice = until.min(Instant::now() + LOOK);
            let mut polled = [pollfd { fd: descriptor.unwrap_or(-1), events: POLLIN, revents: 0 }];
            let ready = wait::until_ready(&mut polled, slice)
                .map_err(|error| Error::new(Status::Internal, format!("poll: {error}")))?;
            if self.call.is_some_and(Call::is_cancelled) {
                return Err(Error::new(
                    Status::Cancelled,
                    "cancelled while another login of the same user was under way",
                ));
            }
            if ready || slice == until {
                return Ok(ready);
            }
        }
    }

    fn over(&self) -> Error {
        let message = format!(
            "{} ms (timeout_ms) passed while another login of the same user was under way",
            self.deadline.timeout.as_millis()
        );
        Error::new(Status::Timeout, message)
    }
}
