//! What a login makes of every fault that the bad server knows: `fault_<name>`, one test for each.
//!
//! `login("reset-before-answer")` starts that server, logs in to it once and gives what came of it. Every check of it
//! looks for leaks, too: no error may show the password or a token.

#[path = "faults/expected/mod.rs"]
mod expected;
