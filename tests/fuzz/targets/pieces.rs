#![no_main]
//! However an answer is cut into pieces on its way, it means the same.

use std::sync::atomic::{AtomicUsize, Ordering};

use libfuzzer_sys::fuzz_target;
use testpress::{Config, Error, Status};
use testpress_fuzz::peer;

/// What recv gives at most.
static PIECE: AtomicUsize = AtomicUsize::new(usize::MAX);
/// More of them take time and tell nothing more.
const MOST_PIECES: usize = 400;

fuzz_target!(|answer: &[u8]| {
    let whole = login(answer, usize::MAX);
    let pieces = login(answer, 1 + answer.len() % 5 + answer.len() / MOST_PIECES);
    match (&whole, &pieces) {
        (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces),
        (Err(whole), Err(pieces)) => assert_same(whole, pieces),
        _ => panic!("{whole:?} in one piece, {pieces:?} in several"),
    }
});

fn login(answer: &[u8], piece: usize) -> Result<String, Error> {
    PIECE.store(piece, Ordering::Relaxed);
    peer::login(answer, &Config::new(), "testpress", "demo").0.map(|token| token.jwt().to_owned())
}

fn assert_same(whole: &Error, pieces: &Error) {
    let told = |error: &Error| (error.status(), error.http_status(), error.retryable(), error.request_sent());
    assert_eq!(told(whole), told(pieces), "{whole:?} in one piece, {pieces:?} in several");
    assert_eq!(whole.server_code(), pieces.server_code());
    assert_eq!(whole.server_message(), pieces.server_message());
    assert_eq!(whole.server_body(), pieces.server_body());
    // A wait until a date may be a second shorter by now.
    if whole.status() != Status::Throttled {
        assert_eq!(whole.message(), pieces.message());
    }
}

/// In the place of libc's, and of the sanitizer's.
///
/// # Safety
///
/// As recv(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn recv(socket: i32, buffer: *mut libc::c_void, length: usize, flags: i32) -> isize {
    let (length, nobody) = (length.min(PIECE.load(Ordering::Relaxed)), std::ptr::null_mut::<libc::c_void>());
    // SAFETY: the caller's promise; recv is recvfrom without an address.
    unsafe { libc::syscall(libc::SYS_recvfrom, socket, buffer, length, flags, nobody, nobody) as isize }
}
