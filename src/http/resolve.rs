//! From a host to its addresses. `getaddrinfo` knows no deadline, so a real lookup is made on a thread of its own, which
//! is left behind when the deadline passes first.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::exchange;
use super::fault::Fault;
use crate::institute::Host;
use crate::sys::{self, POLLIN};

/// Lookups of one client that may be under way at once, the abandoned ones included: a resolver that hangs must not
/// fill the process with threads.
const MOST_LOOKUPS: usize = 64;
/// glibc's resolver needs some 20 KiB of stack for itself; plug-ins (nsswitch.conf) may need more.
const STACK: usize = 256 * 1024;

/// Counts the lookups that are under way.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookups(Arc<AtomicUsize>);

struct Slot(Arc<AtomicUsize>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Lookups {
    pub(super) fn resolve(&self, host: &Host, port: u16) -> Result<Vec<SocketAddr>, Fault> {
        match host {
            Host::Address(address) => Ok(vec![SocketAddr::new(*address, port)]),
            // RFC 6761, section 6.3: never asks a server, and needs no thread.
            Host::Name(_) if host.is_loopback() => Ok([IpAddr::V6(Ipv6Addr::LOCALHOST), Ipv4Addr::LOCALHOST.into()]
                .map(|address| SocketAddr::new(address, port))
                .to_vec()),
            Host::Name(name) => self.look_up(name, port),
        }
    }

    fn look_up(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, Fault> {
        let slot = self.slot().ok_or_else(|| {
            Fault::Dns(format!("{MOST_LOOKUPS} lookups are under way already: the system's resolver does not answer"))
        })?;
        // The thread's end closes its socket, which wakes the poll, whatever became of the lookup.
        let (wake, done) = UnixStream::pair().map_err(|error| Fault::Internal(format!("socketpair: {error}")))?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let question = (name.to_owned(), port);
        let lookup = move || {
            // Kept to the end, which is when they are dropped.
            let (_slot, _done) = (slot, done);
            let _ = sender.send(question.to_socket_addrs());
        };
        let builder = thread::Builder::new().name("testpress-dns".to_owned()).stack_size(STACK);
        sys::with_signals_blocked(|| builder.spawn(lookup))
            .map_err(|error| Fault::Internal(format!("no thread for the lookup of {name}: {error}")))?;
        exchange::wait(wake.as_raw_fd(), POLLIN)?;
        match receiver.recv() {
            Ok(Ok(addresses)) => some(addresses.collect()),
            Ok(Err(error)) => Err(Fault::Dns(error.to_string())),
            Err(_) => Err(Fault::Internal(format!("the lookup of {name} ended without a result"))),
        }
    }

    fn slot(&self) -> Option<Slot> {
        let taken = self.0.fetch_add(1, Ordering::AcqRel);
        let slot = Slot(self.0.clone());
        (taken < MOST_LOOKUPS).then_some(slot)
    }
}

fn some(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Fault> {
    if addresses.is_empty() {
        return Err(Fault::Dns("the name has no address".to_owned()));
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::exchange::Exchange;
    use super::*;

    fn resolve(host: &Host, timeout: Duration) -> Result<Vec<SocketAddr>, Fault> {
        let deadline = Instant::now() + timeout;
        let exchange = Exchange::new(deadline, deadline, None, false);
        exchange::run(exchange, || Lookups::default().resolve(host, 443)).0
    }

    #[test]
    fn literals_and_localhost_need_no_lookup() {
        let address = Host::Address("192.0.2.1".parse().unwrap());
        assert_eq!(resolve(&address, Duration::ZERO).unwrap(), ["192.0.2.1:443".parse().unwrap()]);
        let localhost = resolve(&Host::Name("localhost".to_owned()), Duration::ZERO).unwrap();
        assert_eq!(localhost, ["[::1]:443".parse().unwrap(), "127.0.0.1:443".parse().unwrap()]);
    }

    #[test]
    fn a_name_that_does_not_exist_is_a_dns_fault() {
        let result = resolve(&Host::Name("no-such-host.invalid".to_owned()), Duration::from_secs(30));
        assert!(matches!(result, Err(Fault::Dns(_))), "{result:?}");
    }

    #[test]
    fn lookups_are_capped() {
        let lookups = Lookups::default();
        let slots: Vec<_> = (0..MOST_LOOKUPS).map(|_| lookups.slot().unwrap()).collect();
        assert!(lookups.slot().is_none());
        drop(slots);
        assert!(lookups.slot().is_some());
    }
}
