//! The clocks: one that no one sets, and one that everybody shares.

use std::fs::File;
use std::io::Read;
use std::ops::Add;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::sys;

/// A moment of the clock that counts since boot, sleep included, and is never set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Uptime(Duration);

impl Uptime {
    pub(crate) fn now() -> Uptime {
        Uptime(sys::uptime())
    }

    /// For other processes of this machine.
    pub(crate) fn milliseconds(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn from_milliseconds(milliseconds: u64) -> Uptime {
        Uptime(Duration::from_millis(milliseconds))
    }

    /// So long ago, or at the machine's start.
    pub(crate) fn before(self, duration: Duration) -> Uptime {
        Uptime(self.0.saturating_sub(duration))
    }

    /// Zero where `earlier` is later.
    pub(crate) fn since(self, earlier: Uptime) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Uptime {
    type Output = Uptime;

    fn add(self, duration: Duration) -> Uptime {
        Uptime(self.0.saturating_add(duration))
    }
}

/// Both clocks at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) uptime: Uptime,
    /// Unix milliseconds of this machine.
    pub(crate) unix: i64,
}

impl Now {
    pub(crate) fn read() -> Now {
        Now { uptime: Uptime::now(), unix: unix_milliseconds() }
    }

    /// How long ago that was, in Unix milliseconds. `None` where the wall clock was set back since.
    pub(crate) fn since(self, moment: i64) -> Option<Duration> {
        u64::try_from(self.unix.checked_sub(moment)?).ok().map(Duration::from_millis)
    }
}

/// Names one run of this machine, from its start to its end: an [`Uptime`] means nothing in another. Empty where the
/// system has no such name.
pub(crate) fn boot_id() -> String {
    let mut id = [0; 36];
    let read = File::open("/proc/sys/kernel/random/boot_id").and_then(|mut file| file.read_exact(&mut id));
    read.map_or_else(|_| String::new(), |()| String::from_utf8_lossy(&id).into_owned())
}

/// This machine's idea of the time, in Unix seconds. It may be wrong, and it may jump.
pub(crate) fn unix_now() -> i64 {
    unix_seconds(SystemTime::now())
}

/// The same in milliseconds.
fn unix_milliseconds() -> i64 {
    milliseconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = time.duration_since(UNIX_EPOCH).map(|time| time.as_secs()).unwrap_or_default();
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
