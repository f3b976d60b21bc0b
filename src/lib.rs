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
//! How the parts hang together, each depending only on those after it:
//! `ffi` (the C boundary) → `session` (always a valid token) → `client` → `account` (what sessions share), `store` (tokens in
//! files), `http` (ureq on a transport of our own), `api` (bodies and answers) → `token`, `institute`, `config`, `call` →
//! `error`, `secret`, `process`, `clock`.
//!
//! The feature `capi`, on by default, adds the C boundary of the shared library; Rust programs turn it off.

#![doc(html_root_url = "https://docs.rs/testpress")]

mod account;
mod api;
mod call;
mod client;
mod clock;
mod config;
mod deadline;
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
mod wait;

#[cfg(feature = "capi")]
pub mod ffi;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

pub use call::Call;
pub use client::{Client, login};
pub use config::{Config, OPTIONS, Opt};
pub use error::{Error, Result, Status};
pub use log::Level;
pub use session::Session;
pub use token::Token;

/// This library's version, such as `0.1.0`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
