//! HTTP: ureq behind one function, on a transport of our own.
//!
//! ureq writes requests, reads answers and pools connections. What decides whether an application hangs or leaks is
//! ours: lookups (`resolve`), racing connects (`race`), proxies (`tunnel`), TLS (`tls`, `trust`, `certificate`),
//! reading and writing (`socket`, `stream`, `transport`, `buffers`), the deadline and cancellation of every wait
//! (`exchange`), retries (`retry`), and the words for what went wrong (`explain`).

mod answer;
mod buffers;
mod certificate;
mod connector;
mod exchange;
mod explain;
mod fault;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod provider;
mod race;
mod resolve;
mod retry;
mod socket;
mod stream;
mod tls;
mod transport;
mod trust;
mod tunnel;

use std::sync::Arc;
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use ureq::Agent;
use ureq::http::Request;

pub(crate) use self::answer::{Answer, Redirect, Unreadable};
use self::exchange::{Exchange, Pooling};
use self::fault::Fault;
use self::trust::Identity;
use crate::api::Body;
use crate::call::Call;
use crate::config::Settings;
use crate::deadline::Deadline;
use crate::error::{Error, Result, Status};
use crate::institute::Origin;
use crate::log::{Level, Log};
use crate::process::PerProcess;
use crate::proxy::Proxy;

/// Requests to one origin.
pub(crate) struct Http {
    origin: Origin,
    host: String,
    settings: Settings,
    log: Log,
    provider: Arc<CryptoProvider>,
    /// Read before the first connection: a session that finds a stored token makes none.
    roots: OnceBox<Arc<RootCertStore>>,
    identity: Option<Identity>,
    /// On the way to the origin.
    proxy: Option<Arc<Proxy>>,
    /// The pool and the TLS sessions.
    agent: PerProcess<Agent>,
}

/// What one call may take.
pub(crate) struct Limits<'a> {
    /// For its cancellation.
    pub(crate) call: Option<&'a Call>,
    pub(crate) deadline: Deadline,
    /// Bytes of the answer's body.
    pub(crate) max_answer: usize,
}

/// Kept for the next login; a server closes them after some seconds or a minute (gunicorn 2 s, nginx 75 s).
const IDLE_CONNECTIONS: usize = 16;
const IDLE_AGE: Duration = Duration::from_secs(60);

impl Http {
    pub(crate) fn new(origin: &Origin, settings: &Settings, log: &Log) -> Result<Http> {
        let http = Http {
            origin: origin.clone(),
            host: origin.host.to_string(),
            settings: settings.clone(),
            log: log.clone(),
            provider: provider::provider(),
            identity: trust::identity(settings)?,
            proxy: proxy_for(origin, settings)?.map(Arc::new),
            roots: OnceBox::new(),
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
    pub(crate) fn post(&self, path: &str, body: &Body, limits: &Limits) -> Result<Answer> {
        let agent = self.agent()?;
        let wake = limits.call.map(Call::wake_descriptor).transpose()?;
        let mut attempt = 0;
        // At most one sending: only a new connection is sure not to have been closed before.
        let mut pool = if self.settings.retries == 0 { Pooling::No } else { Pooling::Yes };
        loop {
            let connect_deadline = Instant::now() + self.settings.connect_timeout;
            let exchange = Exchange { pool, ..Exchange::new(limits.deadline.at, connect_deadline, wake) };
            let (result, progress) = exchange::run(exchange, || {
                if limits.call.is_some_and(Call::is_cancelled) {
                    return Err(Fault::Cancelled.into());
                }
                self.attempt(agent, path, body, limits.max_answer)
            });
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let again = attempt < self.settings.retries && retry::is_unprocessed(&error, &progress);
            let error = self.explain(error, &progress, limits.deadline.timeout);
            if !again || !self.back_off(attempt, &progress)? {
                return Err(error);
            }
            self.log.write(Level::Warn, || format!("trying again: {error}"));
            if progress.reused {
                pool = Pooling::KeepOnly;
            }
            attempt += 1;
        }
    }

    /// 128 bits for a multipart boundary.
    pub(crate) fn random(&self) -> Result<u128> {
        let mut bytes = [0; 16];
        self.provider
            .secure_random
            .fill(&mut bytes)
            .map_err(|_| Error::new(Status::Internal, "the system's random number generator failed"))?;
        Ok(u128::from_ne_bytes(bytes))
    }

    fn attempt(
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
        self.roots.get_or_try_init(|| trust::roots(&self.settings).map(Box::new))
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
            Ok(Agent::with_parts(agent_config(), connector, connector::NoResolver))
        })
    }
}

/// Plain http without `allow_http` is for this machine alone, and no proxy is that.
fn proxy_for(origin: &Origin, settings: &Settings) -> Result<Option<Proxy>> {
    if origin.https || settings.allow_http { settings.proxy.proxy_for(origin) } else { Ok(None) }
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
