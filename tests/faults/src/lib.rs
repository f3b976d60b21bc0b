//! A login server that misbehaves on purpose, in one named way at a time.
//!
//! A [`Fault`] has a name (`accept-silent`), a summary and a behaviour. [`Server::start`] serves one of them on a port
//! of its own and counts what clients do to it; dropping the server ends it at once, whatever its clients are doing.
//!
//! ```
//! use std::{io::Read, net::TcpStream, time::Duration};
//!
//! let server = testpress_faults::Server::start("reset-on-accept");
//! let mut client = TcpStream::connect(server.address()).unwrap();
//! assert!(client.read(&mut [0; 1]).is_err());
//! assert!(server.wait_for_connection(Duration::from_secs(5)));
//! ```
//!
//! Where things are: `faults/` is the catalogue, one file per topic, a table of entries in each; `connection.rs` holds
//! the words that a behaviour is written in; `server.rs` runs it. A new fault is one entry in one table.

mod answer;
mod authority;
mod ca_file;
mod certificates;
mod connection;
mod events;
mod fault;
mod faults;
mod held;
pub mod jwt;
mod port;
mod request;
mod server;
mod stream;
mod tls_settings;
mod verdict;

pub use certificates::Identity;
pub use events::Counts;
pub use fault::{Door, Fault};
pub use faults::{ALL, TOPICS, Topic};
pub use held::Held;
pub use request::Request;
pub use server::Server;
pub use verdict::Verdict;
