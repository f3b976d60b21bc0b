//! Does each fault do what its name says? A fault that had quietly become well-behaved would make every test of it pass.

mod heard;
#[path = "../raw/mod.rs"]
mod raw;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use heard::{Heard, Then, exchange, hear};
use raw::{Client, REQUEST};
use testpress_faults::{ALL, Fault, Server};

/// Longer than anything takes here, even on a machine that is busy with something else.
const LONG: Duration = Duration::from_secs(20);
/// Long enough to tell a server that is silent from one that is not.
const SHORT: Duration = Duration::from_millis(300);

fn hear_once(name: &str, patience: Duration) -> Heard {
    exchange(&Server::start(name), patience).expect(name)
}

#[test]
fn ok_answers_every_request_on_a_connection() {
    let server = Server::start("ok");
    let mut client = Client::connect(&server).unwrap();
    for number in 1..=3 {
        client.send(REQUEST).unwrap();
        assert!(hear(&mut client, SHORT).text().starts_with("HTTP/1.1 200 OK\r\n"));
        assert_eq!(server.requests().len(), number);
    }
    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.body.as_slice()), ("POST", &b"{}"[..]));
    assert_eq!((server.connections(), server.posts()), (1, 3));
}

/// What two requests in a row are answered, without what differs from one moment to the next.
fn fingerprint(fault: &'static Fault) -> String {
    let server = Server::serve(fault).expect(fault.name);
    let mut client = match Client::connect(&server) {
        Ok(client) => client,
        Err(error) => return format!("no connection: {error}"),
    };
    let mut print = String::new();
    for _ in 0..2 {
        let sent = client.send(REQUEST).is_ok();
        let heard = hear(&mut client, SHORT);
        let text = heard.text();
        let lines = text.split_inclusive('\n').filter(|line| !line.starts_with("Date:"));
        print.push_str(&format!("{sent} {:?} {}\n", heard.then, lines.collect::<String>()));
    }
    print
}

#[test]
fn nothing_else_is_ok() {
    let ok = fingerprint(Fault::named("ok").unwrap());
    assert_eq!(ok.matches("200 OK").count(), 2, "{ok}");
    // The last is good, and late: whether it is heard is a race.
    let good = ["ok", "ok-plain", "ok-tls12", "thinks-300ms"];
    let left: Mutex<VecDeque<&Fault>> = Mutex::new(ALL.iter().filter(|fault| !good.contains(&fault.name)).collect());
    let next = || left.lock().unwrap().pop_front();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while let Some(fault) = next() {
                    assert_ne!(fingerprint(fault), ok, "{} behaves like ok", fault.name);
                }
            });
        }
    });
}

#[test]
fn a_dead_port_refuses() {
    let server = Server::start("dead-port");
    assert_eq!(TcpStream::connect(server.address()).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn a_full_port_neither_accepts_nor_refuses() {
    let server = Server::start("connect-stalls");
    let attempt = TcpStream::connect_timeout(&server.address(), SHORT);
    assert_eq!(attempt.unwrap_err().kind(), ErrorKind::TimedOut);
}

#[test]
fn the_silent_are_silent() {
    for name in ["accept-silent", "accept-deaf", "handshake-stalls", "silent-after-tls", "silent-after-request"] {
        assert_eq!(hear_once(name, SHORT), Heard { bytes: vec![], then: Then::Silent }, "{name}");
    }
}

#[test]
fn the_lost_end_as_they_say() {
    for (name, then) in [
        ("reset-on-accept", Then::Reset),
        ("reset-before-answer", Then::Reset),
        ("reset-before-answer-plain", Then::Reset),
        ("reset-mid-request", Then::Reset),
        ("close-before-answer", Then::Closed),
        ("cut-before-answer", Then::Cut),
    ] {
        assert_eq!(hear_once(name, LONG), Heard { bytes: vec![], then }, "{name}");
    }
}

#[test]
fn the_halved_begin_well() {
    for (name, then) in [
        ("half-head-then-close", Then::Closed),
        ("half-answer-then-close", Then::Closed),
        ("half-answer-then-silent", Then::Silent),
        ("until-close-halved-cut", Then::Cut),
        ("truncated-body", Then::Closed),
        ("chunked-cut", Then::Cut),
    ] {
        let heard = hear_once(name, Duration::from_secs(2));
        assert!(heard.text().starts_with("HTTP/1.1 200 OK\r\n"), "{name}");
        assert_eq!(heard.text().ends_with("\"}"), name == "truncated-body", "{name}");
        assert_eq!(heard.then, then, "{name}");
    }
}

#[test]
fn the_endless_have_no_end() {
    for name in ["endless-header", "endless-header-line", "endless-body", "endless-chunks"] {
        assert_eq!(hear_once(name, LONG).then, Then::Endless, "{name}");
    }
}

#[test]
fn bad_certificates_are_refused_by_a_client_that_looks() {
    for fault in ALL.iter().filter(|fault| fault.name.starts_with("certificate-")) {
        let server = Server::serve(fault).unwrap();
        let error = Client::connect(&server).err().expect(fault.name);
        assert!(error.to_string().contains("invalid peer certificate"), "{}: {error}", fault.name);
        assert_eq!(server.posts(), 0);
    }
}

#[test]
fn a_stale_connection_answers_once() {
    let server = Server::start("stale-keepalive");
    let mut client = Client::connect(&server).unwrap();
    client.send(REQUEST).unwrap();
    assert!(hear(&mut client, SHORT).text().contains("200 OK"));
    client.send(REQUEST).unwrap();
    assert_eq!(hear(&mut client, LONG), Heard { bytes: vec![], then: Then::Closed });
    assert_eq!(server.posts(), 2);
}

#[test]
fn an_early_429_arrives_before_its_reset() {
    let server = Server::start("early-429");
    let mut client = Client::connect(&server).unwrap();
    client.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n").unwrap();
    let heard = hear(&mut client, LONG);
    assert!(heard.text().contains("Retry-After: 60"));
    assert_eq!(heard.then, Then::Reset);
    assert!(server.requests().is_empty());
}

#[test]
fn a_server_that_stops_reading_has_no_room_for_a_long_request() {
    let server = Server::start("stops-reading");
    let mut client = Client::connect(&server).unwrap();
    let long = [REQUEST, &[b'x'; 256 * 1024]].concat();
    assert_eq!(client.send(&long).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(server.wait_for_post(LONG));
}

#[test]
fn a_redirect_names_its_bystander() {
    let server = Server::start("redirect-301-other-host");
    let origin = server.bystander().expect("a bystander").origin();
    assert!(exchange(&server, SHORT).unwrap().text().contains(&format!("\r\nLocation: {origin}/api/")));
}

/// What a proxy says to a CONNECT. Those whose name ends in a number say that.
fn proxys_answer(fault: &'static Fault) -> String {
    let server = Server::serve(fault).expect(fault.name);
    let mut client = Client::connect(&server).expect(fault.name);
    client.send(b"CONNECT institute.test:443 HTTP/1.1\r\nHost: institute.test:443\r\n\r\n").expect(fault.name);
    hear(&mut client, SHORT).text()
}

#[test]
fn proxies_refuse_as_they_say() {
    let number = |fault: &&Fault| fault.name.rsplit('-').next().and_then(|end| end.parse::<u16>().ok());
    let proxies = || ALL.iter().filter(|fault| fault.name.starts_with("proxy-"));
    assert!(proxies().filter(|fault| number(fault).is_some()).count() > 10);
    for fault in proxies() {
        if let Some(number) = number(&fault).filter(|number| *number > 99) {
            let answer = proxys_answer(fault);
            assert!(answer.starts_with(&format!("HTTP/1.1 {number} ")), "{}: {answer}", fault.name);
        }
    }
}

#[test]
fn a_proxy_lets_through_who_has_its_credentials() {
    let server = Server::start("proxy-credentials-missing");
    let mut client = Client::connect(&server).unwrap();
    client.send(b"CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: Basic Y29ycDpwcjB4eS1wYXNz\r\n\r\n").unwrap();
    assert!(hear(&mut client, SHORT).text().starts_with("HTTP/1.1 200 "));
    assert!(proxys_answer(server.fault()).starts_with("HTTP/1.1 407 "));
    assert!(server.overheard().starts_with(b"CONNECT a:1 "));
}
