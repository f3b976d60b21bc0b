//! Stream: a connected socket, with TLS or without. Every wait is `attempt::wait`, so the call's deadline and
//! cancellation hold in each of them.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

use rustls::{ClientConnection, IoState};
use zeroize::Zeroize;

use super::attempt;
use super::tcp_socket::{SendError, Socket};
use super::tls;
use super::transport_error::TransportError;
use crate::sys::{POLLIN, POLLOUT};

pub(super) struct Stream {
    socket: Socket,
    tls: Option<Box<ClientConnection>>,
    /// A write failed. What the server said before may still be read: an early 429, say.
    broken: bool,
    /// A request just left: its answer can't be there yet, so a read would be in vain.
    asked: bool,
}

impl Stream {
    pub(super) fn plain(socket: Socket) -> Stream {
        Stream { socket, tls: None, broken: false, asked: false }
    }

    /// The handshake, from the first byte to the last.
    pub(super) fn tls(mut socket: Socket, mut connection: ClientConnection) -> Result<Stream, HandshakeError> {
        while connection.is_handshaking() {
            if connection.wants_write() {
                send_tls(&mut connection, &mut socket).map_err(HandshakeError::from)?;
            } else if !receive_tls(&mut connection, &mut socket)? {
                return Err(HandshakeError::TransportError(TransportError::Lost(
                    "the server closed the connection".to_owned(),
                )));
            }
        }
        Ok(Stream { socket, tls: Some(Box::new(connection)), broken: false, asked: false })
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Sends all of `bytes`, or as much as the server takes: see `broken`.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), TransportError> {
        if self.broken {
            return Ok(());
        }
        let sent = match &mut self.tls {
            None => self.socket.send_all(bytes),
            Some(connection) => send_through_tls(connection, &mut self.socket, bytes),
        };
        match sent {
            Err(SendError::Broken) => {
                self.broken = true;
                Ok(())
            }
            Err(SendError::TransportError(fault)) => Err(fault),
            Ok(()) => {
                self.asked = true;
                Ok(())
            }
        }
    }

    /// Waits for plain text: how many bytes came, 0 at a proper end.
    pub(super) fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError> {
        if std::mem::take(&mut self.asked) {
            self.socket.wait(POLLIN)?;
        }
        match &mut self.tls {
            None => self.socket.receive(buffer),
            Some(connection) => receive_through_tls(connection, &mut self.socket, buffer),
        }
    }

    /// Whether an idle connection can still be used. Never waits. Whatever came unasked for makes it unusable; TLS
    /// records that carry no plain text, such as session tickets, are none of that.
    pub(super) fn is_idle_and_open(&mut self) -> bool {
        if self.broken {
            return false;
        }
        let Some(connection) = &mut self.tls else {
            return matches!(self.socket.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        };
        // What rustls has decrypted and nobody has read came unasked for, too: it would answer the next request.
        if !matches!(connection.process_new_packets(), Ok(state) if is_quiet(&state)) {
            return false;
        }
        wipe_records(connection);
        for _ in 0..MOST_IDLE_READS {
            match connection.read_tls(&mut self.socket) {
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
                Ok(0) => return false,
                Ok(_) => match connection.process_new_packets() {
                    Ok(state) if is_quiet(&state) => {}
                    _ => return false,
                },
            }
        }
        false
    }
}

fn is_quiet(state: &IoState) -> bool {
    state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed()
}

/// rustls decrypts in place, and keeps the buffer: with it the last answer, token and all. It hands the free part of
/// that buffer to its reader, and this one has nothing but zeroes for it.
fn wipe_records(connection: &mut ClientConnection) {
    struct Zeroes;
    impl Read for Zeroes {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.zeroize();
            Err(ErrorKind::WouldBlock.into())
        }
    }
    let _ = connection.read_tls(&mut Zeroes);
}

/// A server sends a few tickets; one that does not stop is not worth another look.
const MOST_IDLE_READS: usize = 16;

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("tls", &self.is_tls()).finish_non_exhaustive()
    }
}

/// Why there is no TLS: rustls refused what came, or nothing came.
pub(super) enum HandshakeError {
    Tls(rustls::Error),
    TransportError(TransportError),
}

impl From<TransportError> for HandshakeError {
    fn from(fault: TransportError) -> HandshakeError {
        HandshakeError::TransportError(fault)
    }
}

impl From<SendError> for HandshakeError {
    fn from(error: SendError) -> HandshakeError {
        HandshakeError::TransportError(match error {
            SendError::Broken => TransportError::Lost("the server closed the connection".to_owned()),
            SendError::TransportError(fault) => fault,
        })
    }
}

fn send_through_tls(connection: &mut ClientConnection, socket: &mut Socket, mut bytes: &[u8]) -> Result<(), SendError> {
    while !bytes.is_empty() {
        // rustls' own buffer takes 64 KiB at a time.
        let taken = connection.writer().write(bytes).map_err(|_| SendError::Broken)?;
        bytes = &bytes[taken..];
        send_tls(connection, socket)?;
    }
    Ok(())
}

fn send_tls(connection: &mut ClientConnection, socket: &mut Socket) -> Result<(), SendError> {
    while connection.wants_write() {
        match connection.write_tls(socket) {
            Ok(0) => return Err(SendError::Broken),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => socket.wait(POLLOUT)?,
            Err(_) => return Err(SendError::Broken),
        }
    }
    Ok(())
}

fn receive_through_tls(
    connection: &mut ClientConnection,
    socket: &mut Socket,
    buffer: &mut [u8],
) -> Result<usize, TransportError> {
    loop {
        match connection.reader().read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(TransportError::CutShort),
            result => return result.map_err(|error| TransportError::Lost(error.to_string())),
        }
        receive_tls(connection, socket).map_err(|error| match error {
            HandshakeError::TransportError(fault) => fault,
            HandshakeError::Tls(error) => tls::after_handshake(&error),
        })?;
        if connection.wants_write() {
            // Such as the answer to a key update. A server that takes it no more may still have said enough.
            if let Err(SendError::TransportError(fault)) = send_tls(connection, socket) {
                return Err(fault);
            }
        }
    }
}

/// Waits for records and reads them. False when the other side has closed.
fn receive_tls(connection: &mut ClientConnection, socket: &mut Socket) -> Result<bool, HandshakeError> {
    attempt::check()?;
    let amount = loop {
        match connection.read_tls(socket) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => socket.wait(POLLIN)?,
            result => break result.map_err(|error| TransportError::Lost(error.to_string()))?,
        }
    };
    connection.process_new_packets().map_err(|error| {
        // The alert that tells the server why: as far as it can be sent without waiting.
        let _ = connection.write_tls(socket);
        HandshakeError::Tls(error)
    })?;
    Ok(amount > 0)
}
