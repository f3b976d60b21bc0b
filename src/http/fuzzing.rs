//! The door of this module for the fuzz targets: an answer that comes through a socket, and one that needs none.

use std::convert::Infallible;
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

use ureq::Agent;
use ureq::http::Response;
use ureq::unversioned::transport::{ConnectionDetails, Connector};

use super::attempt::{self, Phase};
use super::connector::NoResolver;
use super::pooled_connection::Connection;
use super::tcp_socket::Socket;
use super::tls_stream::Stream;
use super::transport_error::TransportError;
use super::tunnel;
use super::{Answer, Http, agent_config, answer};
use crate::institute::Origin;
use crate::process::PerProcess;
use crate::proxy::Proxy;

impl Http {
    /// Its one connection is `socket`: whoever has the other end is the server, or the proxy.
    pub(crate) fn over(mut self, socket: UnixStream) -> Http {
        let (proxy, origin) = (self.proxy.clone(), self.origin.clone());
        let given = Given { socket: Mutex::new(Some(socket)), proxy, origin };
        let agent = Agent::with_parts(agent_config(), given, NoResolver);
        self.agent = PerProcess::new();
        let Ok(_) = self.agent.get_or_try_init(|| Ok::<_, Infallible>(agent.clone()));
        self
    }
}

/// An answer with these headers, as if ureq had read it. `None` where a name or value may not stand in a head.
pub(crate) fn answer(status: u16, headers: &[(&[u8], &[u8])], body: &[u8], origin: &Origin) -> Option<Answer> {
    let response = Response::builder().status(status);
    let response = headers.iter().fold(response, |response, (name, value)| response.header(*name, *value));
    answer::read(response.body(ureq::Body::builder().data(body)).ok()?, origin, 64 * 1024).ok()
}

/// What is there without a lookup, a connect and a handshake.
#[derive(Debug)]
struct Given {
    socket: Mutex<Option<UnixStream>>,
    proxy: Option<Arc<Proxy>>,
    origin: Origin,
}

impl Connector for Given {
    type Out = Connection;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Connection>, ureq::Error> {
        attempt::update(|attempt| attempt.reused = false);
        attempt::enter(Phase::Connect);
        let socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner).take();
        let socket = socket.ok_or_else(|| TransportError::Internal("a second connection".to_owned()))?;
        socket.set_nonblocking(true)?;
        let mut socket = Socket::new(TcpStream::from(OwnedFd::from(socket)));
        if let Some(proxy) = &self.proxy {
            tunnel::open(&mut socket, proxy, &self.origin, "fuzz").map_err(tunnel::blame)?;
        }
        Ok(Some(Connection::new(Stream::plain(socket))))
    }
}
