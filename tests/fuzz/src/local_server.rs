//! A server and proxy on this machine that answers each login at once, for what makes its connections itself.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::OnceLock;
use std::thread;

/// Its origin. It is started with the first call, and lives as long as the process.
pub fn origin() -> &'static str {
    static ORIGIN: OnceLock<String> = OnceLock::new();
    ORIGIN.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on the loopback interface");
        let origin = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        thread::spawn(move || listener.incoming().flatten().for_each(serve));
        origin
    })
}

/// One request, after that for a tunnel if there is one. A client that hung up first gets no answer.
fn serve(mut stream: TcpStream) {
    let mut room = vec![0; 256 * 1024];
    let mut request = receive(&mut stream, &mut room);
    if request.starts_with(b"CONNECT ") {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        request = receive(&mut stream, &mut room);
    }
    let _ = stream.write_all(answer(request));
}

/// The library sends a request in one segment, as long as it is no longer than one.
fn receive<'a>(stream: &mut TcpStream, room: &'a mut [u8]) -> &'a [u8] {
    let length = stream.read(room).unwrap_or_default();
    &room[..length]
}

/// Nothing of which the library would wait before it tries again. The length is what a fuzzer changes easily.
fn answer(request: &[u8]) -> &'static [u8] {
    match request.len() % 4 {
        0 => b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"token\":\"eyJh.eyJleHAiOjF9.c2ln\"}",
        1 => b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n{\"non_field_errors\":[\"No.\"]}",
        2 => b"HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 7\r\n\r\n",
        _ => b"",
    }
}
