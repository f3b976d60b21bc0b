//! Log in to a Testpress institute, and get the `Authorization: JWT …` header for every later request.
//!
//! ```no_run
//! let token = testpress::login("demo", "testpress", "demo")?;
//! assert!(token.auth_header().starts_with("Authorization: JWT "));
//! # Ok::<(), testpress::Error>(())
//! ```
//!
//! A [`Client`] keeps its connections for the next login. A [`Call`] gives one login a deadline of its own, and lets
//! another thread cancel it. Every failure is an [`Error`] with a [`Status`]; no call panics.
//!
//! How the parts hang together; each depends only on those after it, which tests/layers.rs checks:
//! `ffi` (the C boundary) → `session` (always a valid token) → `client` (the calls of one institute) → `api` (bodies and
//! answers) → `http` (ureq on a transport of our own); `session` → `store` (tokens that processes share) → `config` (the
//! options) → `token`, `institute`, `proxy`, `call`, `log` → `error`, `secret`, `process`, `clock`, `sys`.
//!
//! The feature `capi`, on by default, adds the C boundary of the shared library; Rust programs turn it off.

#![doc(html_root_url = "https://docs.rs/testpress")]

mod api;
mod call;
mod client;
mod clock;
mod config;
mod error;
mod host;
mod http;
mod institute;
mod log;
mod process;
mod proxy;
mod secret;
mod session;
mod status;
mod store;
mod sys;
mod token;

#[cfg(feature = "capi")]
pub mod ffi;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

pub use call::Call;
pub use client::Client;
pub use config::{Config, OPTIONS, Opt};
pub use error::{Error, Result, Status};
pub use log::Level;
pub use session::{Session, login};
pub use token::Token;

/// This library's version, such as `0.1.0`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
