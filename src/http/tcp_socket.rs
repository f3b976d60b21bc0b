//! Socket: the bytes of a connection, without a signal. Every wait is `attempt::wait`.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;

use super::attempt;
use super::transport_error::TransportError;
use crate::sys::{POLLIN, POLLOUT};

/// A non-blocking socket, read and written by `recv` and `send` alone. `TcpStream::write_vectored`, which rustls would
/// use, is writev(2): it raises SIGPIPE, which ends a C program that does not expect it.
pub(super) struct Socket(TcpStream);

/// Why a write stopped.
pub(super) enum SendError {
    /// The other side takes no more.
    Broken,
    TransportError(TransportError),
}

impl From<TransportError> for SendError {
    fn from(fault: TransportError) -> SendError {
        SendError::TransportError(fault)
    }
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> Socket {
        Socket(stream)
    }

    /// Until it is ready for `events`, or the call must end.
    pub(super) fn wait(&self, events: i16) -> Result<(), TransportError> {
        attempt::wait(self.0.as_raw_fd(), events)
    }

    pub(super) fn send_all(&mut self, mut bytes: &[u8]) -> Result<(), SendError> {
        while !bytes.is_empty() {
            match self.write(bytes) {
                Ok(0) => return Err(SendError::Broken),
                Ok(sent) => bytes = &bytes[sent..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(POLLOUT)?,
                Err(_) => return Err(SendError::Broken),
            }
        }
        Ok(())
    }

    /// Waits for bytes: how many came, 0 at the end.
    pub(super) fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, TransportError> {
        attempt::check()?;
        loop {
            match self.read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(POLLIN)?,
                result => return result.map_err(|error| TransportError::Lost(error.to_string())),
            }
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        retry_interrupted(|| self.0.read(buffer))
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        retry_interrupted(|| self.0.write(bytes))
    }

    /// The end of a handshake and the first request are records of their own, and leave in one segment.
    fn write_vectored(&mut self, records: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut joined = [0; 2048];
        let mut length = 0;
        for record in records {
            match joined.get_mut(length..length + record.len()) {
                Some(room) => room.copy_from_slice(record),
                None if length == 0 => return self.write(record),
                None => break,
            }
            length += record.len();
        }
        self.write(&joined[..length])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn retry_interrupted(mut operation: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match operation() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
