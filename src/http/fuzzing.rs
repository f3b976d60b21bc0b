//! The door of this module for the fuzz targets: an answer that comes through a socket, and one that needs none.

use std::convert::Infallible;
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};

use ureq::Agent;
use ureq::http::Response;
use ureq::unversioned::transport::{ConnectionDetails, Connector};

use super::connector::NoResolver;
use super::exchange::{self, Phase};
use super::fault::Fault;
use super::stream::Stream;
use super::transport::Connection;
use super::{Answer, Http, agent_config, answer};
use crate::institute::Origin;
use crate::process::PerProcess;

impl Http {
    /// Its one connection is `socket`: whoever has the other end is the server.
    pub(crate) fn over(mut self, socket: UnixStream) -> Http {
        let agent = Agent::with_parts(agent_config(), Given(Mutex::new(Some(socket))), NoResolver);
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

/// What is made without a lookup, a connect and a handshake.
#[derive(Debug)]
struct Given(Mutex<Option<UnixStream>>);

impl Connector for Given {
    type Out = Connection;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Connection>, ureq::Error> {
        exchange::update(|exchange| exchange.reused = false);
        exchange::enter(Phase::Connect);
        let socket = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let socket = socket.ok_or_else(|| Fault::Internal("a second connection".to_owned()))?;
        socket.set_nonblocking(true)?;
        Ok(Some(Connection::new(Stream::plain(TcpStream::from(OwnedFd::from(socket))))))
    }
}
