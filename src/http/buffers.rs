//! The buffers of one connection. Passwords and tokens go through them, so what was sent or consumed is wiped at once.

use ureq::unversioned::transport::Buffers;
use zeroize::{Zeroize, Zeroizing};

/// Room for a head with a token of 8 KiB, and for a usual login whole, so that it leaves in one write.
const OUTPUT: usize = 16 * 1024;
/// With less room than this left, what is collected is sent before more is written.
const LEAST_ROOM: usize = 10 * 1024;
const INPUT: usize = 2 * 1024;
/// ureq needs a whole head in the buffer; it refuses one of more than `MAX_HEAD`.
const MOST_INPUT: usize = 64 * 1024;
pub(super) const MAX_HEAD: usize = 32 * 1024;

pub(super) struct WipedBuffers {
    output: Zeroizing<Vec<u8>>,
    /// Bytes of output that are collected and not yet sent.
    collected: usize,
    input: Zeroizing<Vec<u8>>,
    consumed: usize,
    filled: usize,
    /// The last consume took something: what is left may be used before more is read.
    progress: bool,
}

impl WipedBuffers {
    pub(super) fn new() -> WipedBuffers {
        WipedBuffers {
            output: Zeroizing::new(vec![0; OUTPUT]),
            collected: 0,
            input: Zeroizing::new(vec![0; INPUT]),
            consumed: 0,
            filled: 0,
            progress: false,
        }
    }

    /// Takes `amount` bytes of output into the next write. False when there is hardly room for more.
    pub(super) fn collect(&mut self, amount: usize) -> bool {
        self.collected = (self.collected + amount).min(self.output.len());
        self.output.len() - self.collected >= LEAST_ROOM
    }

    pub(super) fn collected(&self) -> &[u8] {
        &self.output[..self.collected]
    }

    /// What was collected is sent, or never will be.
    pub(super) fn wipe_collected(&mut self) {
        self.output[..self.collected].zeroize();
        self.collected = 0;
    }

    fn make_room(&mut self) {
        if self.consumed > 0 {
            self.input.copy_within(self.consumed..self.filled, 0);
            self.filled -= self.consumed;
            self.consumed = 0;
            self.input[self.filled..].zeroize();
        }
        if self.filled == self.input.len() && self.filled < MOST_INPUT {
            // Not `resize`: it would free the old bytes unwiped.
            let mut larger = Zeroizing::new(vec![0; 2 * self.filled]);
            larger[..self.filled].copy_from_slice(&self.input);
            self.input = larger;
        }
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        &mut self.output[self.collected..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.consumed..self.filled]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.make_room();
        &mut self.input[self.filled..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.filled = (self.filled + amount).min(self.input.len());
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        let end = (self.consumed + amount).min(self.filled);
        self.input[self.consumed..end].zeroize();
        self.consumed = end;
    }

    /// ureq needs the first part for chunked bodies only, and we send none.
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        (&mut [], &mut self.output[self.collected..])
    }

    fn can_use_input(&self) -> bool {
        self.progress && self.consumed < self.filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(buffers: &mut WipedBuffers, bytes: &[u8]) -> usize {
        let room = buffers.input_append_buf();
        let amount = room.len().min(bytes.len());
        room[..amount].copy_from_slice(&bytes[..amount]);
        buffers.input_appended(amount);
        amount
    }

    #[test]
    fn what_is_sent_or_consumed_is_wiped() {
        let mut buffers = WipedBuffers::new();
        buffers.output()[..6].copy_from_slice(b"s3cret");
        assert!(buffers.collect(6));
        assert_eq!(buffers.collected(), b"s3cret");
        buffers.wipe_collected();
        append(&mut buffers, b"s3crettail");
        buffers.input_consume(6);
        assert_eq!(buffers.input(), b"tail");
        assert!(!buffers.output.windows(6).chain(buffers.input.windows(6)).any(|w| w == b"s3cret"));
        buffers.input_append_buf();
        assert_eq!(buffers.input(), b"tail");
        assert_eq!(buffers.input.windows(4).filter(|w| *w == b"tail").count(), 1);
    }

    #[test]
    fn input_grows_to_its_limit_and_keeps_what_it_has() {
        let mut buffers = WipedBuffers::new();
        let mut total = 0;
        loop {
            let amount = append(&mut buffers, &[b'x'; 1000]);
            total += amount;
            if amount == 0 {
                break;
            }
        }
        assert_eq!(total, MOST_INPUT);
        assert!(buffers.input().iter().all(|&b| b == b'x'));
        buffers.input_consume(10);
        assert_eq!(append(&mut buffers, &[b'y'; 1000]), 10);
    }
}
