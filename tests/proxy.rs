//! Logins through a real proxy: tinyproxy, of Debian's package tinyproxy-bin. What a bad proxy does is in the faults.

#![allow(missing_docs)]

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testpress::{Client, Config, Error, Status, Token};
use testpress_faults::Server;

const USER: &str = "corp";
/// tinyproxy takes letters, digits and "-._" only.
const PASSWORD: &str = "w0rd-of.corp";
/// The same, as a URL may have it.
const ENCODED: &str = "w%30rd%2dof.corp";
const PATIENCE: Duration = Duration::from_secs(20);

/// A running tinyproxy that lets nobody through without credentials, and only to one port.
struct Tinyproxy {
    child: Child,
    port: u16,
    directory: PathBuf,
}

impl Tinyproxy {
    fn start(name: &str, connect_port: u16) -> Tinyproxy {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut child = launch(&directory, port, connect_port);
            if listens(&mut child, port) {
                return Tinyproxy { child, port, directory };
            }
            // Somebody else was given the port in between.
        }
        panic!("tinyproxy does not start");
    }

    fn url(&self, user: &str) -> String {
        format!("http://{user}127.0.0.1:{}", self.port)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap()
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn launch(directory: &Path, port: u16, connect_port: u16) -> Child {
    let log = directory.join("log");
    let configuration = format!(
        "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Connect\nLogFile \"{}\"\n\
         BasicAuth {USER} {PASSWORD}\nConnectPort {connect_port}\n",
        log.display()
    );
    let file = directory.join("tinyproxy.conf");
    fs::write(&file, configuration).unwrap();
    let command = Command::new("tinyproxy").arg("-d").arg("-c").arg(&file).stdout(Stdio::null()).spawn();
    command.unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!("tinyproxy is not there: install the package tinyproxy-bin"),
        _ => panic!("tinyproxy: {error}"),
    })
}

/// Whether it came up.
fn listens(child: &mut Child, port: u16) -> bool {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE, "tinyproxy does not come up");
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

fn client(institute: &str, server: &Server, proxy: &str) -> Client {
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    config.set("timeout_ms", "20000").unwrap();
    config.set("proxy", proxy).unwrap();
    Client::new(institute, &config).unwrap()
}

fn log_in(client: &Client) -> Result<Token, Error> {
    client.login("ada", "lovelace", None)
}

fn refused(client: &Client) -> Error {
    let error = log_in(client).unwrap_err();
    assert_eq!(error.status(), Status::Proxy, "{error:?}");
    assert!(!error.request_sent());
    for secret in [PASSWORD, ENCODED, "lovelace"] {
        assert!(!format!("{error:?}").contains(secret), "{secret} is in {error:?}");
    }
    error
}

#[test]
fn a_login_goes_through_the_tunnel_and_the_next_one_too() {
    let server = Server::start("ok");
    let proxy = Tinyproxy::start("through", server.address().port());
    let client = client(&server.origin(), &server, &proxy.url(&format!("{USER}:{ENCODED}@")));
    let token = log_in(&client).unwrap();
    assert_eq!(token.jwt(), testpress_faults::jwt::token());
    log_in(&client).unwrap();
    assert_eq!((server.connections(), server.posts()), (1, 2), "one tunnel for both");
    let tunnel = format!("CONNECT localhost:{} HTTP/1.1", server.address().port());
    assert_eq!(proxy.log().matches(&tunnel).count(), 1, "{}", proxy.log());
}

#[test]
fn credentials_are_asked_for_and_checked() {
    let server = Server::start("ok");
    let proxy = Tinyproxy::start("credentials", server.address().port());
    let error = refused(&client(&server.origin(), &server, &proxy.url("")));
    assert!(error.message().contains("asks for a user name and password (407)"), "{error}");
    assert!(!error.retryable());
    let error = refused(&client(&server.origin(), &server, &proxy.url("corp:wrong@")));
    assert!(error.message().contains("did not accept"), "{error}");
    assert!(!error.message().contains("wrong"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_port_that_the_proxy_does_not_allow_is_no_fault_of_the_server() {
    let server = Server::start("ok");
    let proxy = Tinyproxy::start("port", server.address().port().wrapping_add(1));
    let error = refused(&client(&server.origin(), &server, &proxy.url(&format!("{USER}:{ENCODED}@"))));
    assert!(error.message().contains("refused a tunnel") && error.message().contains("403"), "{error}");
    assert!(!error.retryable());
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_host_that_the_proxy_does_not_reach_may_be_there_later() {
    let server = Server::start("dead-port");
    let proxy = Tinyproxy::start("unreached", server.address().port());
    let error = refused(&client(&server.origin(), &server, &proxy.url(&format!("{USER}:{ENCODED}@"))));
    assert!(error.message().contains("could not reach"), "{error}");
    assert!(error.retryable());
    assert_eq!(proxy.log().matches("CONNECT localhost").count(), 1, "an answer is never asked for twice");
}

/// The name is looked up by the proxy alone: behind many, nothing else has a name server.
#[test]
fn the_institute_is_looked_up_by_the_proxy() {
    let server = Server::start("ok");
    let proxy = Tinyproxy::start("names", 443);
    let error = refused(&client("https://no-such-host.invalid", &server, &proxy.url(&format!("{USER}:{ENCODED}@"))));
    assert!(error.message().contains("no-such-host.invalid:443"), "{error}");
    assert!(proxy.log().contains("CONNECT no-such-host.invalid:443"), "{}", proxy.log());
}
