//! What a fault is, and how a table entry spells one.

use std::io;

use crate::answer::Answer;
use crate::certificates::Identity;
use crate::connection::{Connection, Ending};
use crate::faults::ALL;

/// One way in which a server can misbehave.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The name in kebab-case, unique: `accept-silent`.
    pub name: &'static str,
    /// One line on what the server does.
    pub summary: &'static str,
    /// How a client gets in.
    pub door: Door,
    pub(crate) behaviour: Behaviour,
    pub(crate) bystander: Option<&'static str>,
    pub(crate) narrow: bool,
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

    /// Starts a second server beside this one, for redirects to point at.
    pub(crate) const fn with_bystander(self, name: &'static str) -> Fault {
        Fault { bystander: Some(name), ..self }
    }

    /// Lets the system take no more than some 100 KiB of what a client sends before it is read.
    pub(crate) const fn with_narrow_window(self) -> Fault {
        Fault { narrow: true, ..self }
    }
}

/// An entry whose only fault is what it answers.
pub(crate) const fn answer(name: &'static str, summary: &'static str, answer: fn() -> Answer) -> Fault {
    entry(name, summary, Behaviour::Answer(answer))
}

/// An entry with a behaviour of its own.
pub(crate) const fn script(
    name: &'static str,
    summary: &'static str,
    script: fn(&mut Connection) -> io::Result<Ending>,
) -> Fault {
    entry(name, summary, Behaviour::Script(script))
}

const fn entry(name: &'static str, summary: &'static str, behaviour: Behaviour) -> Fault {
    Fault { name, summary, door: Door::Tls(Identity::Good), behaviour, bystander: None, narrow: false }
}
