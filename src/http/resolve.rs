//! From a host to its addresses. `getaddrinfo` knows no deadline, so a real lookup is made on a thread of its own, which
//! is left behind when the deadline passes first.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::attempt;
use super::transport_error::TransportError;
use crate::host::Host;
use crate::process::PerProcess;
use crate::sys::{self, POLLIN};

/// Lookups that may be under way in a process at once, the abandoned ones included: a resolver that hangs must not
/// fill it with threads.
const MOST_LOOKUPS: usize = 64;
/// How often a call looks for a free place.
const PAUSE: Duration = Duration::from_millis(10);
/// glibc's resolver needs some 20 KiB of stack for itself; plug-ins (nsswitch.conf) may need more.
const STACK: usize = 256 * 1024;

/// The lookups of this process that are under way. A child begins with none: its parent's threads are not its own.
static UNDER_WAY: PerProcess<Arc<AtomicUsize>> = PerProcess::new();

/// A place among them, free again when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(under_way: &Arc<AtomicUsize>) -> Option<Place> {
        let before = under_way.fetch_add(1, Ordering::AcqRel);
        let place = Place(under_way.clone());
        (before < MOST_LOOKUPS).then_some(place)
    }

    /// Waits for one, until the call's deadline.
    fn wait() -> Result<Place, TransportError> {
        let Ok(under_way) = UNDER_WAY.get_or_try_init(|| Ok::<_, Infallible>(Arc::default()));
        loop {
            match Place::take(under_way) {
                Some(place) => return Ok(place),
                None => attempt::sleep(PAUSE)?,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

pub(super) fn resolve(host: &Host, port: u16) -> Result<Vec<SocketAddr>, TransportError> {
    match host {
        Host::Address(address) => Ok(vec![SocketAddr::new(*address, port)]),
        // RFC 6761, section 6.3: never asks a server, and needs no thread.
        Host::Name(_) if host.is_loopback() => Ok([IpAddr::V6(Ipv6Addr::LOCALHOST), Ipv4Addr::LOCALHOST.into()]
            .map(|address| SocketAddr::new(address, port))
            .to_vec()),
        Host::Name(name) => look_up(name, port),
    }
}

fn look_up(name: &str, port: u16) -> Result<Vec<SocketAddr>, TransportError> {
    let place = Place::wait()?;
    // The thread's end closes its socket, which wakes the poll, whatever became of the lookup.
    let (wake, done) = UnixStream::pair().map_err(|error| TransportError::Internal(format!("socketpair: {error}")))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    let question = (name.to_owned(), port);
    let lookup = move || {
        // Kept to the end, which is when they are dropped.
        let (_place, _done) = (place, done);
        let _ = sender.send(question.to_socket_addrs());
    };
    let builder = thread::Builder::new().name("testpress-dns".to_owned()).stack_size(STACK);
    sys::with_signals_blocked(|| builder.spawn(lookup))
        .map_err(|error| TransportError::Internal(format!("no thread for the lookup of {name}: {error}")))?;
    attempt::wait(wake.as_raw_fd(), POLLIN)?;
    match receiver.recv() {
        Ok(Ok(addresses)) => some(addresses.collect()),
        Ok(Err(error)) => Err(TransportError::Dns(error.to_string())),
        Err(_) => Err(TransportError::Internal(format!("the lookup of {name} ended without a result"))),
    }
}

fn some(addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, TransportError> {
    if addresses.is_empty() {
        return Err(TransportError::Dns("the name has no address".to_owned()));
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::super::attempt::Attempt;
    use super::*;
    use crate::call::CallContext;

    fn within<T>(timeout: Duration, lookup: impl FnOnce() -> T) -> T {
        let context = CallContext::new(None, timeout).unwrap();
        attempt::run(Attempt::new(context, timeout), lookup).0
    }

    #[test]
    fn literals_and_localhost_need_no_lookup() {
        let address = Host::Address("192.0.2.1".parse().unwrap());
        assert_eq!(within(Duration::ZERO, || resolve(&address, 443)).unwrap(), ["192.0.2.1:443".parse().unwrap()]);
        let name = Host::Name("localhost".to_owned());
        let localhost = within(Duration::ZERO, || resolve(&name, 443)).unwrap();
        assert_eq!(localhost, ["[::1]:443".parse().unwrap(), "127.0.0.1:443".parse().unwrap()]);
    }

    #[test]
    fn a_name_that_does_not_exist_is_a_dns_fault() {
        let name = Host::Name("no-such-host.invalid".to_owned());
        let result = within(Duration::from_secs(30), || resolve(&name, 443));
        assert!(matches!(result, Err(TransportError::Dns(_))), "{result:?}");
    }

    #[test]
    fn places_are_limited_and_given_back() {
        let under_way = Arc::default();
        let places: Vec<_> = (0..MOST_LOOKUPS).map(|_| Place::take(&under_way).unwrap()).collect();
        assert!(Place::take(&under_way).is_none());
        drop(places);
        assert!(Place::take(&under_way).is_some());
    }
}
