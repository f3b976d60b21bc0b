//! What a fault is, and how a table entry spells one.

use std::io;

use crate::answer::Answer;
use crate::certificates::Identity;
use crate::connection::{Connection, Ending};
use crate::faults::ALL;
use crate::verdict::Verdict;

/// One way in which a server can misbehave.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The name in kebab-case, unique: `accept-silent`.
    pub name: &'static str,
    /// One line on what the server does.
    pub summary: &'static str,
    /// What a login makes of it.
    pub verdict: Verdict,
    /// What the client's next login makes of it, where that is something else.
    pub next: Option<Verdict>,
    /// How a client gets in.
    pub door: Door,
    pub(crate) behaviour: Behaviour,
    pub(crate) bystander: Option<&'static str>,
    pub(crate) narrow: bool,
    /// It is a proxy, and this stands before the `@` of its URL.
    pub(crate) proxy: Option<&'static str>,
}

/// How a client gets in: what is behind the port before the behaviour takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// TLS, the handshake done with this certificate: `https://localhost:PORT`.
    Tls(Identity),
    /// The same with a good certificate, in TLS 1.2 only.
    OldTls,
    /// The same with a good certificate, and only for clients that show one, too.
    MutualTls,
    /// Plain HTTP: `http://127.0.0.1:PORT`.
    Plain,
    /// An `https://localhost:PORT` whose behaviour gets the bare connection, before any TLS.
    Bare,
    /// An `https://localhost:PORT` that refuses every connection.
    Closed,
    /// An `https://localhost:PORT` that never finishes the TCP handshake.
    Full,
}

/// What happens on an accepted connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Behaviour {
    /// A polite keep-alive server that gives this answer to every request.
    Answer(fn() -> Answer),
    /// Anything else. An error means that the client left or the server was stopped: neither is worth a word.
    Script(fn(&mut Connection) -> io::Result<Ending>),
}

impl Fault {
    /// The fault of that name.
    pub fn named(name: &str) -> Option<&'static Fault> {
        ALL.iter().find(|fault| fault.name == name)
    }

    /// Sets the door; without it, TLS with a good certificate.
    pub(crate) const fn behind(self, door: Door) -> Fault {
        Fault { door, ..self }
    }

    /// What the next login makes of it.
    pub(crate) const fn then(self, next: Verdict) -> Fault {
        Fault { next: Some(next), ..self }
    }

    /// Starts a second server beside this one, for redirects to point at.
    pub(crate) const fn with_bystander(self, name: &'static str) -> Fault {
        Fault { bystander: Some(name), ..self }
    }

    /// Makes it a proxy. `credentials` stand in its URL, before the `@`.
    pub(crate) const fn as_proxy(self, credentials: &'static str) -> Fault {
        Fault { proxy: Some(credentials), ..self }
    }

    /// Lets the system take no more than some 100 KiB of what a client sends before it is read.
    pub(crate) const fn with_narrow_window(self) -> Fault {
        Fault { narrow: true, ..self }
    }
}

/// An entry whose only fault is what it answers.
pub(crate) const fn answer(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    answer: fn() -> Answer,
) -> Fault {
    entry(name, summary, verdict, Behaviour::Answer(answer))
}

/// An entry with a behaviour of its own.
pub(crate) const fn script(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    script: fn(&mut Connection) -> io::Result<Ending>,
) -> Fault {
    entry(name, summary, verdict, Behaviour::Script(script))
}

const fn entry(name: &'static str, summary: &'static str, verdict: Verdict, behaviour: Behaviour) -> Fault {
    let door = Door::Tls(Identity::Good);
    Fault { name, summary, verdict, next: None, door, behaviour, bystander: None, narrow: false, proxy: None }
}
