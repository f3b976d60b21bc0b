//! The wire: the bodies we send, and the answers and errors that we read.

mod error_body;
mod login;
mod secret_scan;

pub(crate) use self::login::{login_answer, login_body};

#[cfg(test)]
mod tests;
