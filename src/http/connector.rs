//! Connector: everything between a host's name and a connection that ureq can use: lookup, race, TLS.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use rustls::ClientConfig;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::attempt::{self, Phase, Pooling};
use super::pooled_connection::Connection;
use super::race;
use super::resolve;
use super::tcp_socket::Socket;
use super::tls;
use super::tls_stream::Stream;
use super::transport_error::TransportError;
use super::tunnel;
use crate::host::Host;
use crate::institute::Origin;
use crate::log::{Level, Log};
use crate::proxy::Proxy;

pub(super) struct OriginConnector {
    pub(super) origin: Origin,
    /// `None` for an origin of plain http.
    pub(super) tls: Option<Arc<ClientConfig>>,
    /// `None` for a direct connection.
    pub(super) proxy: Option<Arc<Proxy>>,
    pub(super) user_agent: String,
    pub(super) log: Log,
}

impl OriginConnector {
    fn connect_to_origin(&self) -> Result<Connection, TransportError> {
        let started = Instant::now();
        // From here on it is no pooled connection, and goes into the pool when its answer was read.
        attempt::update(|attempt| {
            attempt.reused = false;
            if attempt.pool == Pooling::KeepOnly {
                attempt.pool = Pooling::Yes;
            }
        });
        let (peer, socket) = match &self.proxy {
            None => self.reach(&self.origin.host, self.origin.port)?,
            Some(proxy) => self.tunnel(proxy).map_err(tunnel::blame)?,
        };
        let stream = match &self.tls {
            None => Stream::plain(socket),
            Some(config) => {
                attempt::enter(Phase::Handshake);
                tls::handshake(config, &self.origin.host, socket)?
            }
        };
        self.log.write(Level::Debug, || {
            format!("connected to {peer} for {} in {} ms", self.origin, started.elapsed().as_millis())
        });
        Ok(Connection::new(stream))
    }

    fn reach(&self, host: &Host, port: u16) -> Result<(SocketAddr, Socket), TransportError> {
        attempt::enter(Phase::Resolve);
        let addresses = resolve::resolve(host, port)?;
        self.log.write(Level::Debug, || format!("addresses of {host}: {addresses:?}"));
        attempt::enter(Phase::Connect);
        let (peer, stream) = race::connect(&addresses)?;
        Ok((peer, Socket::new(stream)))
    }

    /// The origin's name is looked up by the proxy.
    fn tunnel(&self, proxy: &Proxy) -> Result<(SocketAddr, Socket), TransportError> {
        let (peer, mut socket) = self.reach(&proxy.host, proxy.port)?;
        tunnel::open(&mut socket, proxy, &self.origin, &self.user_agent)?;
        self.log.write(Level::Debug, || format!("tunnel through the proxy {proxy}"));
        Ok((peer, socket))
    }
}

impl Connector for OriginConnector {
    type Out = Connection;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Connection>, ureq::Error> {
        Ok(Some(self.connect_to_origin()?))
    }
}

impl fmt::Debug for OriginConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginConnector").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// ureq resolves before it looks into its pool, so a lookup here would cost each request; the connector makes it.
#[derive(Debug)]
pub(super) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}
