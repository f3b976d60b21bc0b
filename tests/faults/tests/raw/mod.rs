//! A connection as a client has it, its handshake done where the fault lets it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use testpress_faults::{Door, Server};

pub const REQUEST: &[u8] = b"POST /api/v2.5/auth-token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";

pub trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

/// The connection. Its reads wait 20 ms and then say WouldBlock.
pub struct Client(pub Box<dyn ReadWrite>);

impl Client {
    pub fn connect(server: &Server) -> io::Result<Client> {
        let tcp = TcpStream::connect_timeout(&server.address(), Duration::from_secs(5))?;
        tcp.set_read_timeout(Some(Duration::from_millis(20)))?;
        tcp.set_write_timeout(Some(Duration::from_secs(1)))?;
        match server.fault().door {
            Door::Tls(_) | Door::OldTls | Door::MutualTls => {
                tcp.set_read_timeout(Some(Duration::from_secs(20)))?;
                let mut tls = StreamOwned::new(tls_client(server), tcp);
                tls.conn.complete_io(&mut tls.sock)?;
                tls.sock.set_read_timeout(Some(Duration::from_millis(20)))?;
                Ok(Client(Box::new(tls)))
            }
            _ => Ok(Client(Box::new(tcp))),
        }
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)?;
        self.0.flush()
    }
}

fn tls_client(server: &Server) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    let pem = fs::read(server.ca_file()).expect("the CA file is there");
    roots.add(CertificateDer::from_pem_slice(&pem).expect("the CA file is PEM")).expect("it holds a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").expect("a name")).expect("a client")
}
