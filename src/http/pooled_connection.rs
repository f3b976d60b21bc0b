//! Transport: a `Stream` with its buffers, as ureq wants it.

use std::fmt;
use std::time::Instant;

use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::attempt::{self, Phase, Pooling};
use super::buffers::WipedBuffers;
use super::tls_stream::Stream;
use super::transport_error::TransportError;

pub(super) struct Connection {
    stream: Stream,
    buffers: WipedBuffers,
}

impl Connection {
    pub(super) fn new(stream: Stream) -> Connection {
        Connection { stream, buffers: WipedBuffers::new() }
    }

    /// Sends what was collected: head and body of a login leave in one write.
    fn flush(&mut self) -> Result<(), TransportError> {
        if self.buffers.collected().is_empty() {
            return Ok(());
        }
        attempt::update(|attempt| {
            attempt.phase = Phase::Send;
            attempt.sent_at.get_or_insert_with(Instant::now);
        });
        let sent = self.stream.send(self.buffers.collected());
        self.buffers.wipe_collected();
        if sent.is_ok() {
            attempt::enter(Phase::Wait);
        }
        sent
    }

    fn receive(&mut self) -> Result<bool, TransportError> {
        self.flush()?;
        let buffer = self.buffers.input_append_buf();
        if buffer.is_empty() {
            // More of a head than ureq was told to accept.
            return Ok(false);
        }
        let amount = self.stream.receive(buffer)?;
        if amount > 0 {
            attempt::update(|attempt| {
                attempt.phase = Phase::Receive;
                attempt.answer_begun = true;
            });
        }
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }
}

// The timeouts are ureq's, and none is set: the deadline is the exchange's.
impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        if !self.buffers.collect(amount) {
            self.flush()?;
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        Ok(self.receive()?)
    }

    /// ureq asks before it takes a connection from its pool, and before it puts one there.
    fn is_open(&mut self) -> bool {
        let pooling = attempt::current().map_or(Pooling::Yes, |attempt| attempt.pool);
        pooling == Pooling::Yes && self.stream.is_idle_and_open()
    }

    fn is_tls(&self) -> bool {
        self.stream.is_tls()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("stream", &self.stream).finish_non_exhaustive()
    }
}
