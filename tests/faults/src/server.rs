//! One fault, served on a port of its own.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::SockRef;

use crate::ca_file::CaFile;
use crate::connection::Connection;
use crate::events::{Counts, Events};
use crate::fault::{Door, Fault};
use crate::port::{Full, Open, Reserved};
use crate::request::Request;
use crate::stream::{Socket, Stream};
use crate::tls_settings;

/// The good certificate is for it, and nobody can look it up (RFC 6761).
const BEHIND_A_PROXY: &str = "https://institute.test";

/// A running fault. Dropping it closes its port and every connection, and waits for its threads.
#[derive(Debug)]
pub struct Server {
    fault: &'static Fault,
    host: Option<String>,
    address: SocketAddr,
    ca_file: Arc<CaFile>,
    events: Arc<Events>,
    port: Port,
    acceptor: Option<JoinHandle<()>>,
    bystander: Option<Box<Server>>,
}

#[derive(Debug)]
enum Port {
    Open(Arc<Open>),
    Closed(#[expect(dead_code, reason = "held, so that the port stays ours")] Reserved),
    Full(#[expect(dead_code, reason = "held, so that the port stays full")] Full),
}

/// What the threads of a server share.
struct Host {
    fault: &'static Fault,
    events: Arc<Events>,
    bystander: String,
}

impl Server {
    /// Serves the fault of that name.
    ///
    /// # Panics
    ///
    /// When there is no such fault, or when the system has no port, thread or temporary file for it.
    pub fn start(name: &str) -> Server {
        let fault = Fault::named(name).unwrap_or_else(|| panic!("there is no fault {name:?}"));
        Server::serve(fault).unwrap_or_else(|error| panic!("the fault {name:?} can't be served: {error}"))
    }

    /// Serves a fault to this machine.
    pub fn serve(fault: &'static Fault) -> io::Result<Server> {
        Server::open(fault, None)
    }

    /// Serves a fault on every address, to machines that know this one as `host`, spelled as in a URL. The good
    /// certificate is for some names and addresses only.
    pub fn serve_as(fault: &'static Fault, host: &str) -> io::Result<Server> {
        Server::open(fault, Some(host))
    }

    fn open(fault: &'static Fault, host: Option<&str>) -> io::Result<Server> {
        let ca_file = CaFile::shared()?;
        let bystander = fault.bystander.and_then(Fault::named);
        let bystander = bystander.map(|fault| Server::open(fault, host)).transpose()?.map(Box::new);
        let reserved = if host.is_some() { Reserved::everywhere()? } else { Reserved::new()? };
        let address = reserved.address();
        let threads = Host {
            fault,
            events: Arc::default(),
            bystander: bystander.as_ref().map(|server| server.origin()).unwrap_or_default(),
        };
        let events = threads.events.clone();
        let (port, acceptor) = match fault.door {
            Door::Closed => (Port::Closed(reserved), None),
            Door::Full => (Port::Full(reserved.full()?), None),
            Door::Tls(_) | Door::OldTls | Door::MutualTls | Door::Plain | Door::Bare => {
                let open = Arc::new(reserved.open(fault.narrow)?);
                (Port::Open(open.clone()), Some(threads.accept_from(open)?))
            }
        };
        Ok(Server { fault, host: host.map(str::to_owned), address, ca_file, events, port, acceptor, bystander })
    }

    /// The fault it serves.
    pub fn fault(&self) -> &'static Fault {
        self.fault
    }

    /// What a client is given as its institute: `https://localhost:PORT`, or `http://127.0.0.1:PORT`; with the host of
    /// [`Server::serve_as`] in its place. Where this is a proxy, an institute that only the proxy can reach.
    pub fn origin(&self) -> String {
        if self.fault.proxy.is_some() {
            return BEHIND_A_PROXY.to_owned();
        }
        let port = self.address.port();
        let (scheme, host) = match self.fault.door {
            Door::Plain => ("http", "127.0.0.1"),
            _ => ("https", "localhost"),
        };
        format!("{scheme}://{}:{port}", self.host.as_deref().unwrap_or(host))
    }

    /// What a client is given as its proxy, where this is one: `http://127.0.0.1:PORT`.
    pub fn proxy_url(&self) -> Option<String> {
        let user = self.fault.proxy?;
        let at = if user.is_empty() { "" } else { "@" };
        let host = self.host.as_deref().unwrap_or("127.0.0.1");
        Some(format!("http://{user}{at}{host}:{}", self.address.port()))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The PEM file of the CA that signed the good certificates. The same for every server of the process.
    pub fn ca_file(&self) -> &Path {
        self.ca_file.path()
    }

    /// The second server, that a redirect points at.
    pub fn bystander(&self) -> Option<&Server> {
        self.bystander.as_deref()
    }

    /// Connections accepted.
    pub fn connections(&self) -> usize {
        self.counts().connections
    }

    /// `POST` requests begun, whether or not their end was read.
    pub fn posts(&self) -> usize {
        self.counts().posts
    }

    /// Every number at one moment.
    pub fn counts(&self) -> Counts {
        self.events.counts()
    }

    /// The requests read to their end, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.events.requests()
    }

    /// Every byte that came to a proxy, in tunnels as outside of them; nothing where this is none.
    pub fn overheard(&self) -> Vec<u8> {
        self.events.overheard()
    }

    /// Waits for the first connection; false when none came in time.
    pub fn wait_for_connection(&self, timeout: Duration) -> bool {
        self.wait_until(timeout, |counts| counts.connections > 0)
    }

    /// Waits for the beginning of the first `POST`; false when none came in time.
    pub fn wait_for_post(&self, timeout: Duration) -> bool {
        self.wait_until(timeout, |counts| counts.posts > 0)
    }

    /// Waits until the counts are as wanted; false when they are not in time.
    pub fn wait_until(&self, timeout: Duration, wanted: impl Fn(Counts) -> bool) -> bool {
        self.events.wait_until(timeout, wanted)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.events.stop();
        if let Port::Open(open) = &self.port {
            wake(&open.listener, self.address);
        }
        if let Some(acceptor) = self.acceptor.take() {
            // It has nothing to say, and a panic of its own was printed when it happened.
            let _ = acceptor.join();
        }
    }
}

/// Gets the acceptor out of its wait. Linux ends it when the listener is shut down; elsewhere it takes a caller.
fn wake(listener: &TcpListener, address: SocketAddr) {
    if SockRef::from(listener).shutdown(Shutdown::Both).is_err() {
        let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
    }
}

impl Host {
    fn accept_from(self, open: Arc<Open>) -> io::Result<JoinHandle<()>> {
        let name = format!("fault {}", self.fault.name);
        thread::Builder::new().name(name).spawn(move || Arc::new(self).accept(&open.listener))
    }

    fn accept(self: Arc<Host>, listener: &TcpListener) {
        let mut workers: Vec<JoinHandle<()>> = Vec::new();
        while !self.events.is_stopped() {
            match listener.accept() {
                Ok((stream, _)) => workers.extend(Arc::clone(&self).welcome(stream)),
                // Out of descriptors, most likely: some will be free again in a moment.
                Err(_) => drop(self.events.pause(Duration::from_millis(10))),
            }
            workers.retain(|worker| !worker.is_finished());
        }
        for worker in workers {
            let _ = worker.join();
        }
    }

    /// Gives a connection its thread. Where there is none to be had, the client sees a connection that closes.
    fn welcome(self: Arc<Host>, stream: TcpStream) -> Option<JoinHandle<()>> {
        let stream = Arc::new(stream);
        let number = self.events.connected(&stream)?;
        let events = self.events.clone();
        let worker = thread::Builder::new().name(format!("fault {}", self.fault.name)).spawn(move || {
            self.attend(stream, number);
            self.events.disconnected();
        });
        worker.inspect_err(|_| events.disconnected()).ok()
    }

    fn attend(&self, stream: Arc<TcpStream>, number: usize) {
        // Without it, a drip would leave in lumps.
        let _ = stream.set_nodelay(true);
        let listener = self.fault.proxy.map(|_| self.events.clone());
        let socket = Socket::new(stream, listener);
        let stream = match tls_settings::behind(self.fault.door) {
            None => Ok(Stream::Plain(socket)),
            Some(settings) => Stream::tls(socket, settings),
        };
        // A client that does not like the certificate leaves amid the handshake.
        let Ok(stream) = stream else { return };
        Connection::new(stream, self.events.clone(), number, self.bystander.clone()).run(self.fault.behaviour);
    }
}
