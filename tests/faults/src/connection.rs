//! The words that a behaviour is written in.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use crate::answer::Answer;
use crate::certificates::Identity;
use crate::events::Events;
use crate::fault::{Behaviour, Door};
use crate::request::Request;
use crate::stream::{Socket, Stream};
use crate::tls_settings;

/// An accepted connection, seen from the server.
pub(crate) struct Connection {
    stream: Stream,
    events: Arc<Events>,
    number: usize,
    bystander: String,
    /// Bytes that came with a request but belong to what follows it.
    ahead: Vec<u8>,
}

/// How a behaviour leaves its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Politely: close_notify in TLS, then FIN.
    Close,
    /// FIN, without the close_notify that TLS wants.
    Cut,
    /// RST.
    Reset,
    /// Open, reading and never saying another word.
    Silence,
    /// Open, not even reading: what the client sends fills the system's buffers and stays there.
    Freeze,
}

impl Connection {
    pub(crate) fn new(stream: Stream, events: Arc<Events>, number: usize, bystander: String) -> Connection {
        Connection { stream, events, number, bystander, ahead: Vec::new() }
    }

    /// Behaves, then ends as the behaviour wishes. A client that left before is past caring.
    pub(crate) fn run(mut self, behaviour: Behaviour) {
        let ending = match behaviour {
            Behaviour::Answer(answer) => self.serve(answer),
            Behaviour::Script(script) => script(&mut self),
        };
        self.end(ending.unwrap_or(Ending::Close));
    }

    /// Which connection to this server it is, from 1.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// The origin of the server beside this one.
    pub(crate) fn bystander(&self) -> &str {
        &self.bystander
    }

    /// Goes on in TLS, with the good certificate.
    pub(crate) fn shake_hands(&mut self) -> io::Result<()> {
        self.shake_hands_as(Identity::Good)
    }

    /// Goes on in TLS.
    pub(crate) fn shake_hands_as(&mut self, identity: Identity) -> io::Result<()> {
        if let Some(settings) = tls_settings::behind(Door::Tls(identity)) {
            self.stream = Stream::tls(self.stream.socket().clone(), settings)?;
        }
        Ok(())
    }

    /// Answers every request alike, for as long as the client has some.
    pub(crate) fn serve(&mut self, answer: fn() -> Answer) -> io::Result<Ending> {
        loop {
            self.read_request()?;
            self.answer(&answer())?;
        }
    }

    /// Reads one request to its end.
    pub(crate) fn read_request(&mut self) -> io::Result<Request> {
        let mut request = self.read_head()?;
        let length = request.body_length();
        self.fill(length)?;
        request.body = self.ahead.drain(..length).collect();
        self.events.requested(request.clone());
        Ok(request)
    }

    /// Reads a request's head and leaves its body where it is.
    pub(crate) fn read_head(&mut self) -> io::Result<Request> {
        self.begin_request()?;
        let end = loop {
            match self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(end) => break end,
                None => self.fill(self.ahead.len() + 1)?,
            }
        };
        let request = Request::from_head(&self.ahead[..end]);
        self.ahead.drain(..end + 4);
        Ok(request)
    }

    /// Waits for the first bytes of a request.
    pub(crate) fn begin_request(&mut self) -> io::Result<()> {
        const METHOD: &[u8] = b"POST ";
        self.fill(METHOD.len())?;
        if self.ahead.starts_with(METHOD) {
            self.events.post_begun();
        }
        Ok(())
    }

    /// Waits for the first bytes of whatever the client says first.
    pub(crate) fn hear(&mut self) -> io::Result<()> {
        self.fill(1)
    }

    pub(crate) fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        self.send(&answer.to_bytes())
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()?;
        self.events.sent_a_piece();
        Ok(())
    }

    /// Sends bytes past TLS, as they are.
    pub(crate) fn send_bare(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.socket().clone().write_all(bytes)
    }

    /// Sends the same bytes until the client has enough.
    pub(crate) fn send_forever(&mut self, bytes: &[u8]) -> io::Result<Ending> {
        loop {
            self.send(bytes)?;
        }
    }

    /// Sends one byte at a time.
    pub(crate) fn drip(&mut self, bytes: &[u8], every: Duration) -> io::Result<()> {
        for byte in bytes.chunks(1) {
            self.send(byte)?;
            self.pause(every)?;
        }
        Ok(())
    }

    /// Takes in what there is at intervals, for ever, and makes nothing of it.
    pub(crate) fn sip(&mut self, every: Duration) -> io::Result<Ending> {
        let mut sip = [0; 256];
        while self.stream.read(&mut sip)? > 0 {
            self.pause(every)?;
        }
        Ok(Ending::Close)
    }

    /// Waits, unless the server is stopped.
    pub(crate) fn pause(&self, duration: Duration) -> io::Result<()> {
        if self.events.pause(duration) { Ok(()) } else { Err(ErrorKind::ConnectionAborted.into()) }
    }

    /// Reads until that many bytes are ahead.
    fn fill(&mut self, length: usize) -> io::Result<()> {
        let mut chunk = [0; 16384];
        while self.ahead.len() < length {
            match self.stream.read(&mut chunk)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => self.ahead.extend_from_slice(&chunk[..read]),
            }
        }
        Ok(())
    }

    fn end(mut self, ending: Ending) {
        if ending == Ending::Close {
            self.stream.close_notify();
        }
        let mut socket: Socket = self.stream.socket().clone();
        match ending {
            Ending::Close | Ending::Cut => {
                socket.shut_write();
                self.events.finished();
                socket.drain();
            }
            Ending::Reset => socket.reset_on_close(),
            Ending::Silence => socket.drain(),
            Ending::Freeze => self.events.wait_for_stop(),
        }
    }
}
