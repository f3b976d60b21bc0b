//! No fault for one login: what sessions notice over many of them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::answers::{failed, rejected};
use super::well_behaved::good;
use crate::answer::Answer;
use crate::connection::Ending;
use crate::fault::{Fault, answer, script};
use crate::jwt;
use crate::verdict::{OK, REJECTED, SERVER, TIMEOUT};

pub(super) const FAULTS: &[Fault] = &[
    answer("another-each-time", "gives another token to every login", OK, || Answer::token(&living(86_400))),
    answer("lives-2s", "gives tokens that expire after 2 s", OK, || Answer::token(&living(2))),
    answer("lives-10s", "gives tokens that expire after 10 s", OK, || Answer::token(&living(10))),
    script("thinks-300ms", "takes 300 ms for a good answer", OK, |c| {
        loop {
            c.read_request()?;
            c.pause(Duration::from_millis(300))?;
            c.answer(&good())?;
        }
    }),
    script("once-then-dead", "gives one token that expires after 6 s, and never another answer", OK, |c| {
        c.read_request()?;
        if c.number() == 1 {
            c.answer(&Answer::token(&living(6)))?;
            c.read_request()?;
        }
        Ok(Ending::Silence)
    })
    .then(TIMEOUT),
    script("once-then-slow", "gives one token that expires after 6 s, and takes 6 s for every later one", OK, |c| {
        loop {
            c.read_request()?;
            if c.number() > 1 {
                c.pause(Duration::from_secs(6))?;
            }
            c.answer(&Answer::token(&living(6)).header("Connection", "close"))?;
            if c.number() == 1 {
                return Ok(Ending::Close);
            }
        }
    })
    .then(OK),
    answer("dated-ahead", "gives tokens that last 300 s, with a Date that is 400 s ahead", OK, || {
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(400));
        Answer::token(&living(300)).replacing("Date", &date)
    }),
    script("rejects-once", "rejects the first login, and is well afterwards", REJECTED, |c| {
        if c.number() == 1 {
            c.read_request()?;
            c.answer(&rejected().header("Connection", "close"))?;
            return Ok(Ending::Close);
        }
        c.serve(good)
    })
    .then(OK),
    script("once-then-500", "gives one token that expires after 10 s, and 500 to every later login", OK, |c| {
        if c.number() == 1 {
            c.read_request()?;
            c.answer(&Answer::token(&living(10)))?;
        }
        c.serve(failed)
    })
    .then(SERVER),
    script("thinks-300ms-then-500", "takes 300 ms for a 500", SERVER, |c| {
        loop {
            c.read_request()?;
            c.pause(Duration::from_millis(300))?;
            c.answer(&failed())?;
        }
    }),
    script("password-changed", "gives a token, and then one to the password `changed` alone", OK, |c| {
        let mut password_is_known = c.number() == 1;
        loop {
            let request = c.read_request()?;
            let changed = request.body.windows(7).any(|part| part == b"changed");
            c.answer(&if changed || password_is_known { Answer::token(&living(86_400)) } else { rejected() })?;
            password_is_known = false;
        }
    })
    .then(REJECTED),
    script("silent-then-ok", "never answers on the first connection, and is well on every later one", TIMEOUT, |c| {
        if c.number() == 1 {
            c.read_request()?;
            return Ok(Ending::Silence);
        }
        c.serve(good)
    })
    .then(OK),
];

/// A token like no other, with that many seconds to live.
fn living(seconds: u64) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let expires = now + seconds;
    jwt::with_payload(format!(r#"{{"username":"ada","user_id":17,"orig_iat":{now},"exp":{expires},"jti":"{number}"}}"#))
}
