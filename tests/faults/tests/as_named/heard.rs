//! What a client hears, taken as it comes, and how that ends.

use std::io::{self, ErrorKind, Read as _};
use std::time::{Duration, Instant};

use testpress_faults::Server;

use crate::raw::{Client, REQUEST};

/// More than any answer that has an end.
const ENOUGH: usize = 2 * 1024 * 1024;

/// What came, and what followed it.
#[derive(Debug, PartialEq, Eq)]
pub struct Heard {
    pub bytes: Vec<u8>,
    pub then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The end, properly said; in plain HTTP that is a FIN.
    Closed,
    /// A FIN without close_notify.
    Cut,
    Reset,
    /// Bytes that are no TLS.
    Nonsense,
    /// Nothing for as long as we listened.
    Silent,
    /// More and more, until we had enough.
    Endless,
}

impl Heard {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Listens until the end or, when there is none, for that long in all.
pub fn hear(client: &mut Client, patience: Duration) -> Heard {
    let deadline = Instant::now() + patience;
    let mut bytes = Vec::new();
    let mut chunk = [0; 65536];
    let then = loop {
        match client.0.read(&mut chunk) {
            Ok(0) => break Then::Closed,
            Ok(_) if bytes.len() > ENOUGH => break Then::Endless,
            Ok(length) => bytes.extend_from_slice(&chunk[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => break ending(&error),
        }
        if Instant::now() > deadline {
            break Then::Silent;
        }
    };
    Heard { bytes, then }
}

/// One request on a connection of its own, and what came of it.
pub fn exchange(server: &Server, patience: Duration) -> io::Result<Heard> {
    let mut client = Client::connect(server)?;
    match client.send(REQUEST) {
        Ok(()) => Ok(hear(&mut client, patience)),
        Err(error) => Ok(Heard { bytes: Vec::new(), then: ending(&error) }),
    }
}

fn ending(error: &io::Error) -> Then {
    match error.kind() {
        ErrorKind::UnexpectedEof => Then::Cut,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Then::Reset,
        _ => Then::Nonsense,
    }
}
