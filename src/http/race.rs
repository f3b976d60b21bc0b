//! Racing connects (RFC 8305, "Happy Eyeballs"): a dead address costs 250 ms, not the timeout.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use super::attempt;
use super::transport_error::TransportError;
use crate::call::MAX_DESCRIPTORS;
use crate::sys::{self, POLLOUT, pollfd};

/// Section 5: "Connection Attempt Delay".
const DELAY: Duration = Duration::from_millis(250);

/// Connects to the first of `addresses` that accepts, and tells which it was.
pub(super) fn connect(addresses: &[SocketAddr]) -> Result<(SocketAddr, TcpStream), TransportError> {
    let mut waiting: VecDeque<SocketAddr> = interleave(addresses).into();
    let mut running: Vec<(SocketAddr, TcpStream)> = Vec::new();
    let mut failures = Vec::new();
    let mut next_start = Instant::now();
    loop {
        while !waiting.is_empty() && (running.is_empty() || Instant::now() >= next_start) {
            let Some(address) = waiting.pop_front() else { break };
            match sys::begin_connect(&address) {
                Ok(stream) => {
                    running.push((address, stream));
                    next_start = Instant::now() + DELAY;
                }
                Err(error) if sys::is_exhausted(&error) => {
                    return Err(TransportError::Internal(format!("socket: {error}")));
                }
                Err(error) => failures.push(describe(&address, &error)),
            }
        }
        if running.is_empty() {
            return Err(TransportError::Connect(failures.join("; ")));
        }
        let until = (!waiting.is_empty()).then_some(next_start);
        for index in ready(&running, until)?.into_iter().rev() {
            let (address, stream) = running.remove(index);
            match outcome(&stream) {
                Ok(()) => return Ok((address, stream)),
                Err(error) => {
                    failures.push(describe(&address, &error));
                    // Section 5: the next attempt begins as soon as one has failed.
                    next_start = Instant::now();
                }
            }
        }
    }
}

/// Which attempts have come to an end, by `until`.
fn ready(running: &[(SocketAddr, TcpStream)], until: Option<Instant>) -> Result<Vec<usize>, TransportError> {
    let mut descriptors: Vec<pollfd> =
        running.iter().map(|(_, stream)| pollfd { fd: stream.as_raw_fd(), events: POLLOUT, revents: 0 }).collect();
    attempt::wait_any(&mut descriptors, until)?;
    Ok((0..descriptors.len()).filter(|&index| descriptors[index].revents != 0).collect())
}

fn outcome(stream: &TcpStream) -> io::Result<()> {
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    stream.set_nodelay(true)
}

fn describe(address: &SocketAddr, error: &io::Error) -> String {
    format!("{address}: {error}")
}

/// Alternates the families, beginning with the one that the resolver put first (section 4).
fn interleave(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut first, mut second): (VecDeque<SocketAddr>, VecDeque<SocketAddr>) =
        addresses.iter().copied().partition(|address| address.is_ipv6() == first_is_v6);
    let mut order = Vec::with_capacity(addresses.len());
    while order.len() < MAX_DESCRIPTORS {
        let before = order.len();
        order.extend(first.pop_front());
        order.extend(second.pop_front());
        if order.len() == before {
            break;
        }
    }
    order.truncate(MAX_DESCRIPTORS);
    order
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::super::attempt::Attempt;
    use super::*;
    use crate::call::CallContext;

    fn race(addresses: &[SocketAddr], timeout: Duration) -> Result<(SocketAddr, TcpStream), TransportError> {
        let context = CallContext::new(None, timeout).unwrap();
        attempt::run(Attempt::new(context, timeout), || connect(addresses)).0
    }

    #[test]
    fn families_alternate() {
        let addresses: Vec<SocketAddr> =
            ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"].iter().map(|a| a.parse().unwrap()).collect();
        let order: Vec<String> = interleave(&addresses).iter().map(ToString::to_string).collect();
        assert_eq!(order, ["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"]);
        assert_eq!(interleave(&[addresses[0]; 100]).len(), MAX_DESCRIPTORS);
    }

    #[test]
    fn a_refused_address_is_passed_over_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = listener.local_addr().unwrap();
        let dead = {
            let gone = TcpListener::bind("127.0.0.2:0").unwrap();
            gone.local_addr().unwrap()
        };
        let (address, stream) = race(&[dead, alive], Duration::from_secs(10)).unwrap();
        assert_eq!((address, stream.peer_addr().unwrap()), (alive, alive));
        match race(&[dead], Duration::from_secs(10)) {
            Err(TransportError::Connect(message)) => assert!(message.contains(&dead.to_string()), "{message}"),
            other => panic!("{other:?}"),
        }
    }
}
