//! HTTP: ureq behind one function, on a transport of our own.
//!
//! ureq writes requests, reads answers and pools connections. What decides whether an application hangs or leaks is
//! ours: lookups (`resolve`), racing connects (`race`), proxies (`tunnel`), TLS (`tls`, `trust`, `certificate`),
//! reading and writing (`tcp_socket`, `tls_stream`, `pooled_connection`, `buffers`), the deadline and cancellation of every
//! wait (`attempt`), retries (`retry`), and the words for what went wrong (`error_message`).

mod answer;
mod attempt;
mod buffers;
mod certificate;
mod connector;
mod crypto_provider;
mod error_message;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod pooled_connection;
mod race;
mod resolve;
mod retry;
mod tcp_socket;
mod tls;
mod tls_stream;
mod transport_error;
mod trust;
mod tunnel;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use once_cell::race::OnceBox;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use ureq::Agent;
use ureq::http::Request;
use zeroize::Zeroizing;

pub(crate) use self::answer::{Answer, Redirect, Unreadable};
use self::attempt::{Attempt, Pooling};
use self::transport_error::TransportError;
use self::trust::{Identity, TrustSource};
use crate::call::CallContext;
use crate::config::Settings;
use crate::error::Result;
use crate::institute::Origin;
use crate::log::{Level, Log};
use crate::process::{Environment, PerProcess};
use crate::proxy::Proxy;
use crate::secret;

/// Requests to one origin.
pub(crate) struct Http {
    origin: Origin,
    host: String,
    settings: Settings,
    log: Log,
    provider: Arc<CryptoProvider>,
    trust: TrustSource,
    /// Read before the first connection: a session that finds a stored token makes none.
    roots: OnceBox<Arc<RootCertStore>>,
    identity: Option<Identity>,
    /// On the way to the origin.
    proxy: Option<Arc<Proxy>>,
    /// Made with the client, as ureq reads the environment to make one, whatever is then set.
    config: ureq::config::Config,
    /// The pool and the TLS sessions.
    agent: PerProcess<Agent>,
}

/// A body to send, wiped after use.
pub(crate) struct Body {
    pub(crate) content_type: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// Kept for the next login; a server closes them after some seconds or a minute (gunicorn 2 s, nginx 75 s).
const IDLE_CONNECTIONS: usize = 16;
const IDLE_AGE: Duration = Duration::from_secs(60);

impl Http {
    pub(crate) fn new(origin: &Origin, settings: &Settings, environment: &Environment, log: &Log) -> Result<Http> {
        let http = Http {
            origin: origin.clone(),
            host: origin.host.to_string(),
            settings: settings.clone(),
            log: log.clone(),
            provider: crypto_provider::provider(),
            trust: TrustSource::new(settings, environment),
            identity: trust::identity(settings)?,
            proxy: proxy_for(origin, settings, environment)?.map(Arc::new),
            roots: OnceBox::new(),
            config: agent_config(),
            agent: PerProcess::new(),
        };
        // What the options name is checked now, used or not; what the system has, when it is needed.
        if settings.ca_file.is_some() {
            http.roots()?;
        }
        // This is what finds a key that doesn't fit its certificate.
        if http.identity.is_some() {
            http.tls()?;
        }
        Ok(http)
    }

    /// Sends `body` to `path`, again where the request was provably not processed, and returns the answer whatever its
    /// status. Redirects are not followed.
    pub(crate) fn post(&self, path: &str, body: &Body, context: CallContext, max_answer: usize) -> Result<Answer> {
        let agent = self.agent()?;
        let mut number = 0;
        // At most one sending: only a new connection is sure not to have been closed before.
        let mut pool = if self.settings.retries == 0 { Pooling::No } else { Pooling::Yes };
        loop {
            let attempt = Attempt { pool, ..Attempt::new(context, self.settings.connect_timeout) };
            let (result, progress) = attempt::run(attempt, || {
                context.check().map_err(TransportError::from)?;
                self.try_once(agent, path, body, max_answer)
            });
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let again = number < self.settings.retries && retry::is_unprocessed(&error, &progress);
            let error = self.explain(error, &progress);
            if !again || !self.back_off(number, &progress)? {
                return Err(error);
            }
            self.log.write(Level::Warn, || format!("trying again: {error}"));
            if progress.reused {
                pool = Pooling::KeepOnly;
            }
            number += 1;
        }
    }

    /// A hash of what decides whom this trusts, who it is, and which way it goes: clients that differ in it share no token.
    pub(crate) fn route(&self) -> [u8; 32] {
        fn bytes(path: &Option<PathBuf>) -> &[u8] {
            path.as_deref().map_or(&[], |path| path.as_os_str().as_encoded_bytes())
        }
        let (kind, trusted) = self.trust.name();
        let proxy = self.proxy.as_deref();
        let authorization = proxy.and_then(|proxy| proxy.authorization.as_ref());
        secret::hash(&[
            kind.as_bytes(),
            trusted.as_encoded_bytes(),
            bytes(&self.settings.client_cert_file),
            bytes(&self.settings.client_key_file),
            proxy.map(ToString::to_string).unwrap_or_default().as_bytes(),
            authorization.map_or(&[], |secret| secret.as_str().as_bytes()),
        ])
    }

    fn try_once(
        &self,
        agent: &Agent,
        path: &str,
        body: &Body,
        max_answer: usize,
    ) -> std::result::Result<Answer, ureq::Error> {
        let mut request = Request::post(format!("{}{path}", self.origin))
            .header("content-type", &body.content_type)
            .header("accept", "application/json")
            .header("user-agent", &self.settings.user_agent);
        if let Some(uid) = &self.settings.device_uid {
            request = request.header("x-device-uid", uid);
        }
        if let Some(kind) = &self.settings.device_type {
            request = request.header("x-device-type", kind);
        }
        let request = request.body(body.bytes.as_slice()).map_err(ureq::Error::from)?;
        answer::read(agent.run(request)?, &self.origin, max_answer)
    }

    fn roots(&self) -> Result<&Arc<RootCertStore>> {
        self.roots.get_or_try_init(|| self.trust.roots().map(Box::new))
    }

    fn tls(&self) -> Result<Arc<ClientConfig>> {
        tls::config(&self.provider, self.roots()?, self.identity.as_ref())
    }

    /// This process's agent: pool, TLS sessions and all.
    fn agent(&self) -> Result<&Agent> {
        self.agent.get_or_try_init(|| {
            let connector = connector::OriginConnector {
                origin: self.origin.clone(),
                tls: self.origin.https.then(|| self.tls()).transpose()?,
                proxy: self.proxy.clone(),
                user_agent: self.settings.user_agent.clone(),
                log: self.log.clone(),
            };
            Ok(Agent::with_parts(self.config.clone(), connector, connector::NoResolver))
        })
    }
}

/// Plain http without `allow_http` is for this machine alone, and no proxy is that.
fn proxy_for(origin: &Origin, settings: &Settings, environment: &Environment) -> Result<Option<Proxy>> {
    if origin.https || settings.allow_http { settings.proxy.proxy_for(origin, environment) } else { Ok(None) }
}

fn agent_config() -> ureq::config::Config {
    Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .max_response_header_size(buffers::MAX_HEAD)
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        .max_idle_age(IDLE_AGE)
        .build()
}
