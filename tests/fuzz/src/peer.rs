//! Peer: a server of one connection that has said everything before it is asked.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use testpress::{Config, Result, Token};

/// Logs in to a server that answers with `answer`, then ends the connection. Returns what it was sent, too.
pub fn login(answer: &[u8], config: &Config, username: &str, password: &str) -> (Result<Token>, Vec<u8>) {
    let (client, mut server) = UnixStream::pair().expect("a pair of sockets");
    server.write_all(answer).expect("an answer fits into the socket's buffer");
    server.shutdown(Shutdown::Write).expect("the socket is open");
    let result = testpress::fuzzing::login_over(client, config, username, password);
    let mut request = Vec::new();
    // The client has closed its end, perhaps before it had read everything.
    let _ = server.read_to_end(&mut request);
    (result, request)
}
