//! A connection's two ways of speaking: plain, or in TLS.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use crate::events::Events;

/// The TCP side. Shared with nobody who keeps it, so that the last one here closes it.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    stream: Arc<TcpStream>,
    /// Is told every byte that comes.
    listener: Option<Arc<Events>>,
}

/// What a behaviour reads from and writes to.
pub(crate) enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ServerConnection, Socket>>),
}

impl Socket {
    pub(crate) fn new(stream: Arc<TcpStream>, listener: Option<Arc<Events>>) -> Socket {
        Socket { stream, listener }
    }

    /// Says that no more will come; in TCP's words, not in TLS'.
    pub(crate) fn shut_write(&self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Makes the coming close a reset.
    pub(crate) fn reset_on_close(&self) {
        let _ = SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO));
    }

    /// Reads until the client closes, and throws it away. Closing with bytes unread would reset the connection.
    pub(crate) fn drain(&mut self) {
        let mut rubbish = [0; 4096];
        while matches!(self.read(&mut rubbish), Ok(length) if length > 0) {}
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = (&*self.stream).read(buffer)?;
        if let Some(listener) = &self.listener {
            listener.overhear(&buffer[..length]);
        }
        Ok(length)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.stream).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream {
    /// Shakes hands as a TLS server.
    pub(crate) fn tls(mut socket: Socket, config: Arc<ServerConfig>) -> io::Result<Stream> {
        let mut tls = ServerConnection::new(config).map_err(io::Error::other)?;
        while tls.is_handshaking() || tls.wants_write() {
            tls.complete_io(&mut socket)?;
        }
        Ok(Stream::Tls(Box::new(StreamOwned::new(tls, socket))))
    }

    pub(crate) fn socket(&self) -> &Socket {
        match self {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &stream.sock,
        }
    }

    /// Says good-bye in TLS, if it is TLS.
    pub(crate) fn close_notify(&mut self) {
        if let Stream::Tls(stream) = self {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.write(bytes),
            Stream::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(stream) => stream.flush(),
        }
    }
}
