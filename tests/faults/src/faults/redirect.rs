//! Redirects. None may be followed: the password is for one origin only.

use crate::answer::Answer;
use crate::connection::{Connection, Ending};
use crate::fault::{Fault, answer, script};
use crate::verdict::BAD_RESPONSE;

pub(super) const FAULTS: &[Fault] = &[
    script("redirect-301-other-host", "301 to another https server", BAD_RESPONSE, |c| elsewhere(c, 301))
        .with_bystander("ok"),
    script("redirect-302-other-host", "302 to another https server", BAD_RESPONSE, |c| elsewhere(c, 302))
        .with_bystander("ok"),
    script("redirect-303-other-host", "303 to another https server", BAD_RESPONSE, |c| elsewhere(c, 303))
        .with_bystander("ok"),
    script("redirect-307-other-host", "307 to another https server: POST it there again", BAD_RESPONSE, |c| {
        elsewhere(c, 307)
    })
    .with_bystander("ok"),
    script("redirect-308-other-host", "308 to another https server: POST it there again", BAD_RESPONSE, |c| {
        elsewhere(c, 308)
    })
    .with_bystander("ok"),
    script("redirect-301-to-http", "301 to a server in plain HTTP", BAD_RESPONSE, |c| elsewhere(c, 301))
        .with_bystander("ok-plain"),
    script("redirect-307-to-http", "307 to a server in plain HTTP", BAD_RESPONSE, |c| elsewhere(c, 307))
        .with_bystander("ok-plain"),
    answer("redirect-302-captive-portal", "302 to the login page of a captive portal", BAD_RESPONSE, || {
        to(302, "http://portal.example/login?back=https%3A%2F%2Fdemo.testpress.in%2F")
    }),
    answer("redirect-301-slash", "301 to the same path on the same server", BAD_RESPONSE, || {
        Answer::new(301, "text/html", "").header("Location", "/api/v2.5/auth-token/")
    }),
    answer("redirect-protocol-relative", "302 to //portal.example/", BAD_RESPONSE, || {
        to(302, "//portal.example/start")
    }),
    answer("redirect-without-location", "302 without a Location", BAD_RESPONSE, || Answer::html(302, "Found")),
    answer("redirect-empty-location", "302 with an empty Location", BAD_RESPONSE, || to(302, "")),
    answer("redirect-odd-location", "302 with a Location that is no URL", BAD_RESPONSE, || {
        to(302, "::: not a url :::")
    }),
    answer("redirect-with-secrets", "302 with a password and a token in its Location", BAD_RESPONSE, || {
        to(302, "https://intruder:hunter2@portal.example/cb?token=eyJ.from.location#access=eyJ.in.fragment")
    }),
    answer("redirect-javascript", "302 with a Location that is a script", BAD_RESPONSE, || {
        to(302, "javascript:alert(document.cookie)")
    }),
    answer("multiple-choices", "300 with a good token in its body", BAD_RESPONSE, || {
        Answer::json(300, r#"{"token":"eyJ.three.hundred"}"#)
    }),
    answer("not-modified", "304, though nothing was asked for conditionally", BAD_RESPONSE, || {
        Answer::json(304, "").without("Content-Length")
    }),
];

fn elsewhere(c: &mut Connection, status: u16) -> std::io::Result<Ending> {
    loop {
        c.read_request()?;
        let location = format!("{}/api/v2.5/auth-token/", c.bystander());
        c.answer(&to(status, &location))?;
    }
}

fn to(status: u16, location: &str) -> Answer {
    Answer::html(status, "Moved").header("Location", location)
}
