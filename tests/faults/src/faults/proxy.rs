//! Proxies that make no tunnel.

use std::time::Duration;

use crate::answer::Answer;
use crate::connection::{Connection, Ending};
use crate::fault::{Door, Fault};
use crate::faults::tunnel::{CREDENTIALS, ESTABLISHED, answer, check_credentials, lead_on, proxy};
use crate::verdict::{PROXY, TIMEOUT, Verdict};

/// An attempt that failed before the proxy said anything is made three times.
const UNANSWERED: Verdict = PROXY.retryable().after(3);

pub(super) const FAULTS: &[Fault] = &[
    proxy("proxy-credentials-missing", "wants a user name and password: 407", PROXY, check_credentials),
    proxy("proxy-credentials-wrong", "wants others than it is given: 407", PROXY, check_credentials)
        .as_proxy("corp:pr0xy-typo"),
    proxy("proxy-credentials-wrong-401", "wants others than it is given, and says 401", PROXY, |c| {
        refuse(c, Answer::html(401, "Unauthorized").header("WWW-Authenticate", r#"Basic realm="proxy""#))
    })
    .as_proxy(CREDENTIALS),
    proxy("proxy-wants-negotiate", "407: takes Negotiate and NTLM, not Basic", PROXY, |c| {
        refuse(
            c,
            Answer::html(407, "Proxy Authentication Required")
                .header("Proxy-Authenticate", "Negotiate")
                .header("Proxy-Authenticate", "NTLM"),
        )
    }),
    proxy("proxy-401", "401 without a word on how", PROXY, |c| refuse(c, Answer::html(401, "Unauthorized"))),
    proxy("proxy-403", "403: the host or port is not allowed", PROXY, |c| refuse(c, Answer::html(403, "Filtered"))),
    proxy("proxy-404", "404, as a web server says it", PROXY, |c| refuse(c, Answer::html(404, "Not Found"))),
    proxy("proxy-405", "405: a web server knows no CONNECT", PROXY, |c| {
        refuse(c, Answer::html(405, "Method Not Allowed").header("Allow", "GET, POST"))
    }),
    proxy("proxy-301", "301 to another proxy", PROXY, |c| {
        refuse(c, Answer::html(301, "Moved").header("Location", "http://127.0.0.1:9/"))
    }),
    proxy("proxy-302", "302 to the login page of a captive portal", PROXY, |c| {
        refuse(c, Answer::html(302, "Found").header("Location", "http://portal.example/login?from=institute.test"))
    }),
    proxy("proxy-101", "101 Switching Protocols", PROXY, |c| {
        answer(c, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", Ending::Close)
    }),
    proxy("proxy-captive-portal", "200 with a page that wants a click, in place of the tunnel", PROXY, |c| {
        refuse(c, Answer::html(200, "Welcome to Airport WiFi"))
    }),
    proxy("proxy-garbage", "answers with bytes that are nothing", PROXY, |c| answer(c, &[0x2a; 512], Ending::Close)),
    proxy("proxy-is-tls", "answers with a TLS alert: its port is for TLS", PROXY, |c| {
        answer(c, &[21, 3, 3, 0, 2, 2, 10], Ending::Close)
    }),
    proxy("proxy-is-http-2", "answers with the settings of HTTP/2", PROXY, |c| {
        answer(c, b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff", Ending::Close)
    }),
    proxy("proxy-is-ssh", "begins with the banner of an SSH server", PROXY, |c| {
        c.send(b"SSH-2.0-OpenSSH_9.9\r\n")?;
        Ok(Ending::Close)
    }),
    proxy("proxy-long-head", "answers 200 with a head of 9 KiB", PROXY, |c| {
        let padding = "a".repeat(9 * 1024);
        answer(c, format!("HTTP/1.1 200 OK\r\nX-Long: {padding}\r\n\r\n").as_bytes(), Ending::Close)
    }),
    proxy("proxy-endless-header", "sends headers for ever", PROXY, |c| {
        answer(c, b"HTTP/1.1 200 OK\r\n", Ending::Close)?;
        c.send_forever(b"X-More: there is more where this came from\r\n")
    }),
    proxy("proxy-endless-header-line", "sends one header that has no end", PROXY, |c| {
        answer(c, b"HTTP/1.1 200 OK\r\nX-Long: ", Ending::Close)?;
        c.send_forever(&[b'a'; 512])
    }),
    proxy("proxy-429", "429: has no time now", PROXY.retryable(), |c| {
        refuse(c, Answer::html(429, "Too Many Requests"))
    }),
    proxy("proxy-500", "500: it failed itself", PROXY.retryable(), |c| {
        refuse(c, Answer::html(500, "Internal Server Error"))
    }),
    proxy("proxy-502", "502: the institute can't be reached", PROXY.retryable(), |c| {
        refuse(c, Answer::html(502, "Bad Gateway"))
    }),
    proxy("proxy-503", "503: the institute can't be looked up, as squid says it", PROXY.retryable(), |c| {
        refuse(c, Answer::html(503, "ERR_DNS_FAIL"))
    }),
    proxy("proxy-504", "504: the institute does not answer", PROXY.retryable(), |c| {
        refuse(c, Answer::html(504, "Gateway Time-out"))
    }),
    proxy("proxy-dead-port", "refuses every connection", UNANSWERED, |_| Ok(Ending::Close)).behind(Door::Closed),
    proxy("proxy-close-on-accept", "closes every connection at once", UNANSWERED, |_| Ok(Ending::Close)),
    proxy("proxy-reset-on-accept", "resets every connection at once", UNANSWERED, |_| Ok(Ending::Reset)),
    proxy("proxy-close-before-answer", "closes the connection when it is asked for the tunnel", UNANSWERED, |c| {
        answer(c, b"", Ending::Close)
    }),
    proxy("proxy-reset-before-answer", "resets the connection when it is asked for the tunnel", UNANSWERED, |c| {
        answer(c, b"", Ending::Reset)
    }),
    proxy("proxy-half-head-then-close", "answers half a head, then closes", UNANSWERED, |c| {
        answer(c, b"HTTP/1.1 200 Connec", Ending::Close)
    }),
    proxy("proxy-half-head-then-reset", "answers half a head, then resets the connection", UNANSWERED, |c| {
        answer(c, b"HTTP/1.1 200 Connec", Ending::Reset)
    }),
    proxy("proxy-connect-stalls", "never finishes the TCP handshake: the backlog is full", TIMEOUT.unsent(), |_| {
        Ok(Ending::Close)
    })
    .behind(Door::Full),
    proxy("proxy-silent", "is asked for the tunnel and never answers", TIMEOUT.unsent(), |c| {
        answer(c, b"", Ending::Silence)
    }),
    proxy("proxy-half-head-then-silent", "answers half a head, then says no more", TIMEOUT.unsent(), |c| {
        answer(c, b"HTTP/1.1 200 Connec", Ending::Silence)
    }),
    proxy("proxy-drip", "answers at a byte every 50 ms", TIMEOUT.unsent(), |c| {
        c.read_request()?;
        c.drip(ESTABLISHED, EVERY)?;
        lead_on(c, b"")
    }),
    proxy("proxy-endless-interim", "sends 100 Continue for ever, one every 50 ms", TIMEOUT.unsent(), |c| {
        c.read_request()?;
        loop {
            c.send(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            c.pause(EVERY)?;
        }
    }),
];

const EVERY: Duration = Duration::from_millis(50);

fn refuse(c: &mut Connection, page: Answer) -> std::io::Result<Ending> {
    answer(c, &page.header("Connection", "close").to_bytes(), Ending::Close)
}
