//! A program in C, as far as the header matters: handles, the strings that it passes, and what it may rely on.

#![allow(clippy::not_unsafe_ptr_arg_deref, reason = "a target passes what `Handles` owns, or NULL")]

mod arguments;
mod handles;
mod results;

pub use self::arguments::{PASSWORD, Text};
pub use self::handles::{Handles, Kind};
pub use self::results::{Outcome, read_client, read_error, read_status, read_token};
