//! The C boundary, and the only place for `unsafe` beside `sys`: a file for each kind of handle, each function one to
//! three lines over the safe crate. Its documentation comments are the header's text.
//!
//! Handles are pointers to Rust values: `tp_token` is shared (an `Arc`), the others have one owner (a `Box`).

#![allow(unsafe_code, unsafe_op_in_unsafe_fn)]
#![allow(clippy::missing_safety_doc, reason = "the contract of every function is the header's first comment")]
#![allow(
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    reason = "the comments are written for a C header"
)]
#![allow(non_camel_case_types, reason = "the names are those of C")]

mod allocator;
mod call;
mod client;
mod config;
mod error;
mod guard;
mod login;
mod pointer;
mod session;
mod token;
mod version;

pub use self::call::*;
pub use self::client::*;
pub use self::config::*;
pub use self::error::*;
pub use self::login::*;
pub use self::session::*;
pub use self::token::*;
pub use self::version::*;
