//! Waiting: for descriptors, until an absolute moment, whatever signals arrive.

use std::io;
use std::time::{Duration, Instant};

use crate::sys::{self, pollfd};

/// Waits until one of `descriptors` is ready (true) or `until` has passed (false).
pub(crate) fn until_ready(descriptors: &mut [pollfd], until: Instant) -> io::Result<bool> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        match sys::poll(descriptors, milliseconds_up(left)) {
            // A signal: the moment is absolute, so it costs nothing but another look at the clock.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(0) => {}
            Ok(_) => return Ok(true),
        }
    }
}

fn milliseconds_up(duration: Duration) -> i32 {
    i32::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
}
