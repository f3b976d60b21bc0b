//! Proxies that make a tunnel, good or bad. What it leads to is served here, too: to a client it makes no difference.

use std::time::Duration;

use crate::answer::Answer;
use crate::certificates::Identity;
use crate::connection::{Connection, Ending};
use crate::fault::{Door, Fault, script};
use crate::faults::well_behaved::good;
use crate::verdict::{OK, OUTCOME_UNKNOWN, TIMEOUT, TLS, Verdict};

/// As a URL has them, and as the header has them.
pub(super) const CREDENTIALS: &str = "corp:pr0xy%2Dpass";
const BASIC: &str = "Basic Y29ycDpwcjB4eS1wYXNz";

pub(super) const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

pub(super) const FAULTS: &[Fault] = &[
    proxy("proxy-tunnel", "makes the tunnel", OK, |c| tunnel(c, ESTABLISHED)),
    proxy("proxy-credentials-right", "wants a user name and password, and has them", OK, check_credentials)
        .as_proxy(CREDENTIALS),
    proxy("proxy-http-1-0", "makes the tunnel in HTTP/1.0", OK, |c| {
        tunnel(c, b"HTTP/1.0 200 Connection established\r\nProxy-agent: Apache/2.4.65 (Debian)\r\n\r\n")
    }),
    proxy("proxy-more-headers", "makes the tunnel, and has much to say about it", OK, |c| {
        tunnel(c, b"HTTP/1.1 200 OK\r\nVia: 1.1 squid\r\nX-Cache: MISS\r\nSet-Cookie: a=b\r\nConnection: close\r\n\r\n")
    }),
    proxy("proxy-bare-line-feeds", "makes the tunnel, and ends its lines with LF alone", OK, |c| {
        tunnel(c, b"HTTP/1.0 200 OK\nVia: 1.0 old\n\n")
    }),
    proxy("proxy-interim", "sends 100 Continue and 103 Early Hints before it makes the tunnel", OK, |c| {
        tunnel(c, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
    }),
    proxy("proxy-202", "makes the tunnel with 202", OK, |c| tunnel(c, b"HTTP/1.1 202 Accepted\r\n\r\n")),
    proxy("proxy-length", "makes the tunnel with a Content-Length of 100", OK, |c| {
        tunnel(c, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    }),
    proxy("proxy-chunked", "makes the tunnel with Transfer-Encoding: chunked", OK, |c| {
        tunnel(c, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    }),
    proxy("proxy-slow-drip", "makes the tunnel with an answer at a byte every 2 ms", OK, |c| {
        c.read_request()?;
        c.drip(ESTABLISHED, Duration::from_millis(2))?;
        lead_on(c, b"")
    }),
    proxy("proxy-refuses-twice", "resets the first two connections, then makes the tunnel", OK.after(3), |c| {
        if c.number() <= 2 {
            return Ok(Ending::Reset);
        }
        tunnel(c, ESTABLISHED)
    }),
    proxy("proxy-tunnel-stale", "closes a tunnel at its second request, without a byte of answer", OK, |c| {
        answer(c, ESTABLISHED, Ending::Close)?;
        c.shake_hands()?;
        c.read_request()?;
        c.answer(&good())?;
        c.read_request()?;
        Ok(Ending::Close)
    })
    .then(OK.after(2)),
    proxy("proxy-tunnel-silent", "makes the tunnel, and nobody is at its end", TIMEOUT.unsent(), |c| {
        answer(c, ESTABLISHED, Ending::Silence)
    }),
    proxy("proxy-tunnel-closed", "makes the tunnel, then closes it", TLS.retryable().after(3), |c| {
        answer(c, ESTABLISHED, Ending::Close)
    }),
    proxy("proxy-tunnel-reset", "makes the tunnel, then resets it", TLS.retryable().after(3), |c| {
        answer(c, ESTABLISHED, Ending::Reset)
    }),
    proxy("proxy-tunnel-to-page", "makes the tunnel, to a page in place of TLS", TLS, |c| {
        answer(c, ESTABLISHED, Ending::Close)?;
        c.hear()?;
        c.answer(&Answer::html(200, "Welcome to Airport WiFi"))?;
        Ok(Ending::Close)
    }),
    proxy("proxy-tunnel-inspected", "makes the tunnel, and shows a certificate of its own CA in it", TLS, |c| {
        answer(c, ESTABLISHED, Ending::Close)?;
        c.shake_hands_as(Identity::UnknownCa)?;
        c.serve(good)
    }),
    proxy("proxy-tunnel-elsewhere", "makes the tunnel, to another host", TLS, |c| {
        answer(c, ESTABLISHED, Ending::Close)?;
        c.shake_hands_as(Identity::WrongHost)?;
        c.serve(good)
    }),
    proxy("proxy-tunnel-cut", "closes the tunnel when the request has gone through", OUTCOME_UNKNOWN, |c| {
        answer(c, ESTABLISHED, Ending::Close)?;
        c.shake_hands()?;
        c.read_request()?;
        Ok(Ending::Cut)
    }),
];

/// A proxy with this behaviour from the first byte on.
pub(super) const fn proxy(
    name: &'static str,
    summary: &'static str,
    verdict: Verdict,
    behaviour: fn(&mut Connection) -> std::io::Result<Ending>,
) -> Fault {
    script(name, summary, verdict, behaviour).behind(Door::Bare).as_proxy("")
}

/// Reads the CONNECT and answers it, whatever it asks for.
pub(super) fn answer(c: &mut Connection, answer: &[u8], ending: Ending) -> std::io::Result<Ending> {
    c.read_request()?;
    c.send(answer)?;
    Ok(ending)
}

fn tunnel(c: &mut Connection, established: &[u8]) -> std::io::Result<Ending> {
    c.read_request()?;
    lead_on(c, established)
}

/// To the institute.
pub(super) fn lead_on(c: &mut Connection, established: &[u8]) -> std::io::Result<Ending> {
    c.send(established)?;
    c.shake_hands()?;
    c.serve(good)
}

/// Refuses whoever does not give the right ones.
pub(super) fn check_credentials(c: &mut Connection) -> std::io::Result<Ending> {
    let request = c.read_request()?;
    if request.header("Proxy-Authorization") == Some(BASIC) {
        return lead_on(c, ESTABLISHED);
    }
    let page = Answer::html(407, "Proxy Authentication Required").header("Connection", "close");
    c.answer(&page.header("Proxy-Authenticate", r#"Basic realm="proxy.corp.example""#))?;
    Ok(Ending::Close)
}
