//! Ports that are this server's on both loopback addresses, or on every address.
//!
//! `localhost` is `::1`, too, and a client may try it first. Only 127.0.0.1 is served; `[::1]` is bound without ever
//! listening, so that it refuses and no other program's server can be met there by accident.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

const ATTEMPTS: usize = 100;
/// Too small for the system, which takes its own least instead.
const NARROW_BUFFER: usize = 1;
/// Loopback's segments are so large that a client's own buffer would hold whatever it has to say.
const NARROW_SEGMENT: u32 = 536;

/// A port that refuses connections for as long as this lives.
#[derive(Debug)]
pub(crate) struct Reserved {
    socket: Socket,
    _v6: Option<Socket>,
    address: SocketAddr,
}

/// A port that accepts connections.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) listener: TcpListener,
    _v6: Option<Socket>,
}

/// A port that neither accepts nor refuses: its backlog is full, and the system drops what comes.
#[derive(Debug)]
pub(crate) struct Full {
    _listener: TcpListener,
    _fillers: Vec<Socket>,
    _v6: Option<Socket>,
}

impl Reserved {
    pub(crate) fn new() -> io::Result<Reserved> {
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..ATTEMPTS {
            match Reserved::attempt() {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
                other => return other,
            }
        }
        Err(last)
    }

    /// On every address of this machine, IPv4 and IPv6.
    pub(crate) fn everywhere() -> io::Result<Reserved> {
        let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
        socket.set_only_v6(false)?;
        socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)).into())?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Reserved { socket, _v6: None, address })
    }

    fn attempt() -> io::Result<Reserved> {
        let v4 = bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = v4.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let v6 = match bind((Ipv6Addr::LOCALHOST, address.port()).into()) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            // A machine without IPv6 has nobody else there either.
            other => other.ok(),
        };
        Ok(Reserved { socket: v4, _v6: v6, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `narrow` is for connections whose client can't send more than some 100 KiB before somebody reads them.
    pub(crate) fn open(self, narrow: bool) -> io::Result<Open> {
        if narrow {
            self.socket.set_recv_buffer_size(NARROW_BUFFER)?;
            self.socket.set_tcp_mss(NARROW_SEGMENT)?;
        }
        self.socket.listen(1024)?;
        Ok(Open { listener: self.socket.into(), _v6: self._v6 })
    }

    /// A backlog of 0 still takes one connection: once that is there, every further SYN is dropped.
    pub(crate) fn full(self) -> io::Result<Full> {
        self.socket.listen(0)?;
        let domain = Domain::for_address(self.address);
        let first = Socket::new(domain, Type::STREAM, None)?;
        first.connect_timeout(&self.address.into(), Duration::from_secs(5))?;
        let second = Socket::new(domain, Type::STREAM, None)?;
        second.set_nonblocking(true)?;
        // "In progress", and it stays so.
        let _ = second.connect(&self.address.into());
        Ok(Full { _listener: self.socket.into(), _fillers: vec![first, second], _v6: self._v6 })
    }
}

fn bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
}
