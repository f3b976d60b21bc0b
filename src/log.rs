//! Log: what happens inside a call, told to the caller's own sink. Off unless asked for; never a secret.

use std::fmt;
use std::sync::Arc;

/// How much a message matters; a lower number matters more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Level {
    /// Something failed that the call's result does not tell.
    Error = 1,
    /// A call failed, or went on only after a retry.
    Warn = 2,
    /// A call's beginning and end.
    Info = 3,
    /// Addresses, connections and retries.
    Debug = 4,
}

impl Level {
    /// Every level, most important first.
    pub const ALL: [Level; 4] = [Level::Error, Level::Warn, Level::Info, Level::Debug];
}

type Sink = dyn Fn(Level, &str) + Send + Sync;

#[derive(Clone)]
pub(crate) struct Log(Option<(Level, Arc<Sink>)>);

impl Log {
    pub(crate) fn none() -> Log {
        Log(None)
    }

    pub(crate) fn new(level: Level, sink: impl Fn(Level, &str) + Send + Sync + 'static) -> Log {
        Log(Some((level, Arc::new(sink))))
    }

    /// `message` is made only when somebody listens.
    pub(crate) fn write(&self, level: Level, message: impl FnOnce() -> String) {
        if let Some((most, sink)) = &self.0
            && level <= *most
        {
            sink(level, &message());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.as_ref().map(|(level, _)| level)).finish()
    }
}
