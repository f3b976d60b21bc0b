//! Bodies whose length is said wrongly, twice, or not at all.

use crate::answer::Answer;
use crate::connection::{Connection, Ending};
use crate::fault::{Door, Fault, script};
use crate::faults::well_behaved::good;
use crate::verdict::{BAD_RESPONSE, CUT_SHORT, OK};

pub(super) const FAULTS: &[Fault] = &[
    script("truncated-body", "promises more body than it sends, then closes", CUT_SHORT, |c| {
        let answer = longer_by(good(), 100);
        send(c, &answer, Ending::Close)
    }),
    script(
        "truncated-body-cut",
        "promises more body than it sends, then closes without close_notify",
        CUT_SHORT,
        |c| {
            let answer = longer_by(good(), 100);
            send(c, &answer, Ending::Cut)
        },
    ),
    script("surplus-body", "sends more body than it promises", OK, |c| {
        let mut bytes = good().to_bytes();
        bytes.extend_from_slice(b"and something more");
        c.read_request()?;
        c.send(&bytes)?;
        c.serve(good)
    }),
    script("conflicting-lengths", "says two different Content-Lengths", BAD_RESPONSE, |c| {
        let answer = good().header("Content-Length", "20");
        send(c, &answer, Ending::Close)
    }),
    script("length-and-chunked", "says both Content-Length and chunked", OK, |c| {
        c.read_request()?;
        let body = good().to_bytes().split_off(good().head().len());
        let chunk = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
        c.answer(&good().header("Transfer-Encoding", "chunked").with_body(chunk))?;
        Ok(Ending::Close)
    }),
    script("length-negative", "says a Content-Length of -1", BAD_RESPONSE, |c| {
        let answer = good().replacing("Content-Length", "-1");
        send(c, &answer, Ending::Close)
    }),
    script("length-not-a-number", "says a Content-Length of \"many\"", BAD_RESPONSE, |c| {
        let answer = good().replacing("Content-Length", "many");
        send(c, &answer, Ending::Close)
    }),
    script("length-absurd", "says a Content-Length of 2^64 and more", BAD_RESPONSE, |c| {
        let answer = good().replacing("Content-Length", "184467440737095516160");
        send(c, &answer, Ending::Close)
    }),
    script("length-huge", "says a Content-Length of 1 TB and sends a little of it", BAD_RESPONSE, |c| {
        let answer = good().replacing("Content-Length", "1000000000000");
        send(c, &answer, Ending::Silence)
    }),
    script("until-close", "gives a good answer that ends with the connection, properly", OK, |c| {
        let answer = unmeasured(good());
        send(c, &answer, Ending::Close)
    }),
    script("until-close-cut", "gives an answer that ends with the connection, without close_notify", CUT_SHORT, |c| {
        let answer = unmeasured(good());
        send(c, &answer, Ending::Cut)
    }),
    script(
        "until-close-halved-cut",
        "stops amid an answer that ends with the connection, without close_notify",
        CUT_SHORT,
        |c| halved(c, Ending::Cut),
    ),
    script(
        "until-close-halved-plain",
        "stops amid an answer that ends with the connection, in plain HTTP",
        CUT_SHORT,
        |c| halved(c, Ending::Close),
    )
    .behind(Door::Plain),
    script(
        "until-close-reset-plain",
        "resets the connection amid an answer that ends with it, in plain HTTP",
        CUT_SHORT,
        |c| halved(c, Ending::Reset),
    )
    .behind(Door::Plain),
];

fn longer_by(answer: Answer, surplus: usize) -> Answer {
    let length = answer.to_bytes().len() - answer.head().len();
    answer.replacing("Content-Length", &(length + surplus).to_string())
}

fn unmeasured(answer: Answer) -> Answer {
    answer.without("Content-Length").header("Connection", "close")
}

fn halved(c: &mut Connection, ending: Ending) -> std::io::Result<Ending> {
    c.read_request()?;
    let bytes = unmeasured(good()).to_bytes();
    c.send(&bytes[..bytes.len() - 40])?;
    Ok(ending)
}

fn send(c: &mut Connection, answer: &Answer, ending: Ending) -> std::io::Result<Ending> {
    c.read_request()?;
    c.answer(answer)?;
    Ok(ending)
}
