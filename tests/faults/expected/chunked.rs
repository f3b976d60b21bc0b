//! Chunks are read as they should be, and not otherwise.

use super::login::{hurried_login, login};

/// A part of the answer came, so there is an answer; the rest is missing, so there is no token.
fn cut(fault: &str) {
    let failure = login(fault).gets_bad_response();
    failure.retryable(true).http(200).posts(1).connections(1);
}

#[test]
fn fault_chunked() {
    login("chunked").succeeds_as_usual();
}

#[test]
fn fault_chunked_without_end() {
    cut("chunked-without-end");
}

#[test]
fn fault_chunked_cut() {
    cut("chunked-cut");
}

#[test]
fn fault_chunked_stalls() {
    hurried_login("chunked-stalls").times_out().sent().posts(1);
}

#[test]
fn fault_chunk_size_garbage() {
    login("chunk-size-garbage").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_chunk_size_absurd() {
    login("chunk-size-absurd").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_chunk_size_negative() {
    login("chunk-size-negative").gets_bad_response().posts(1).connections(1);
}

#[test]
fn fault_chunk_without_line_end() {
    login("chunk-without-line-end").gets_bad_response().posts(1).connections(1);
}
