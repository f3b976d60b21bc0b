//! Flight: one login under way, and those who wait for it.

use std::io;
use std::net::Shutdown;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, OnceLock};

use crate::error::Error;
use crate::token::Token;

/// The one who began it leads; the others poll its descriptor. However many they are, it takes two descriptors.
pub(crate) struct Flight {
    leader: usize,
    landed: OnceLock<Landing>,
    poll: UnixStream,
    signal: UnixStream,
}

/// What came of a login.
#[derive(Clone)]
pub(crate) enum Landing {
    Token(Arc<Token>),
    Failed(Error),
    /// The leader's own time was over, or it was cancelled: another may lead.
    HandedOver,
}

/// What no other thread has while this one runs. std's own number would leave a destructor with the thread.
fn this_thread() -> usize {
    thread_local! {
        static MARK: u8 = const { 0 };
    }
    MARK.with(|mark| std::ptr::from_ref(mark).addr())
}

impl Flight {
    pub(crate) fn begin() -> io::Result<Flight> {
        let (poll, signal) = UnixStream::pair()?;
        Ok(Flight { leader: this_thread(), landed: OnceLock::new(), poll, signal })
    }

    /// Becomes readable, and stays so, when the flight has landed.
    pub(crate) fn descriptor(&self) -> RawFd {
        self.poll.as_raw_fd()
    }

    /// Whether this thread leads it, and is inside a callback of the login.
    pub(crate) fn is_led_here(&self) -> bool {
        self.leader == this_thread()
    }

    pub(crate) fn land(&self, landing: Landing) {
        let _ = self.landed.set(landing);
        // Not a close: a forked child may hold the same socket.
        let _ = self.signal.shutdown(Shutdown::Both);
    }

    pub(crate) fn landing(&self) -> Option<Landing> {
        self.landed.get().cloned()
    }
}
