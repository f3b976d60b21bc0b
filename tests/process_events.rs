//! The bad days of the client's own process: out of descriptors or threads, stopped, forked, without a file system.
//!
//! What changes a whole process happens in one of its own: `alone` runs the test's program again for that one test,
//! beside servers that the first process keeps.

#[path = "process_events/alone.rs"]
mod alone;
#[path = "process_events/clock.rs"]
mod clock;
#[path = "process_events/descriptors.rs"]
mod descriptors;
#[path = "process_events/files.rs"]
mod files;
#[path = "process_events/fork.rs"]
mod fork;
#[path = "process_events/scratch.rs"]
mod scratch;
#[path = "process_events/signals.rs"]
mod signals;
#[path = "process_events/system.rs"]
mod system;
#[path = "process_events/threads.rs"]
mod threads;
