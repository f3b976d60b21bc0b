//! Bodies in chunks: one that is fine, and those that are cut or spelled wrongly.

use crate::answer::Answer;
use crate::connection::{Connection, Ending};
use crate::fault::{Fault, answer, script};
use crate::jwt;
use crate::verdict::{BAD_RESPONSE, CUT_SHORT, OK, TIMEOUT};

pub(super) const FAULTS: &[Fault] = &[
    answer("chunked", "gives a good answer in chunks of 10 bytes, with an extension and a trailer", OK, || {
        chunked([chunks(&body()), b"0;last=yes\r\nX-Checksum: none\r\n\r\n".to_vec()].concat())
    }),
    script("chunked-without-end", "leaves out the last chunk, then closes", CUT_SHORT, |c| {
        send(c, chunks(&body()), Ending::Close)
    }),
    script("chunked-cut", "stops amid a chunk, then closes without close_notify", CUT_SHORT, |c| {
        let whole = chunks(&body());
        send(c, whole[..whole.len() - 5].to_vec(), Ending::Cut)
    }),
    script("chunked-stalls", "stops amid a chunk and stays silent", TIMEOUT, |c| {
        let whole = chunks(&body());
        send(c, whole[..whole.len() - 5].to_vec(), Ending::Silence)
    }),
    script("chunk-size-garbage", "says a chunk size of \"zz\"", BAD_RESPONSE, |c| {
        send(c, [b"zz\r\n", body().as_bytes(), b"\r\n0\r\n\r\n"].concat(), Ending::Close)
    }),
    script("chunk-size-absurd", "says a chunk size of more than 64 bits", BAD_RESPONSE, |c| {
        send(c, [b"fffffffffffffffff\r\n", body().as_bytes(), b"\r\n0\r\n\r\n"].concat(), Ending::Close)
    }),
    script("chunk-size-negative", "says a chunk size of -1", BAD_RESPONSE, |c| {
        send(c, [b"-1\r\n", body().as_bytes(), b"\r\n0\r\n\r\n"].concat(), Ending::Close)
    }),
    script("chunk-without-line-end", "runs one chunk into the size of the next", BAD_RESPONSE, |c| {
        send(c, [b"4\r\n", body().as_bytes(), b"0\r\n\r\n"].concat(), Ending::Close)
    }),
];

fn body() -> String {
    format!(r#"{{"token":"{}"}}"#, jwt::token())
}

fn chunks(body: &str) -> Vec<u8> {
    body.as_bytes()
        .chunks(10)
        .flat_map(|chunk| [format!("{:X}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
        .collect()
}

fn chunked(body: Vec<u8>) -> Answer {
    Answer::json(200, "").without("Content-Length").header("Transfer-Encoding", "chunked").with_body(body)
}

fn send(c: &mut Connection, body: Vec<u8>, ending: Ending) -> std::io::Result<Ending> {
    c.read_request()?;
    c.answer(&chunked(body))?;
    Ok(ending)
}
