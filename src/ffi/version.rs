//! The library itself: its versions, and the names of its statuses.

use std::ffi::c_char;

use crate::status::Status;

/// Raised only when a program built against an older header would break. The SONAME carries it, too.
const ABI_VERSION: i32 = 1;

const VERSION_C: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

const VERSION_NUMBER: i32 = number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
    + number(env!("CARGO_PKG_VERSION_MINOR")) * 1000
    + number(env!("CARGO_PKG_VERSION_PATCH"));

const fn number(digits: &str) -> i32 {
    match i32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a version has numbers"),
    }
}

/// The version of the loaded library, such as "0.1.0". Lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn tp_version() -> *const c_char {
    VERSION_C.as_ptr().cast()
}

/// The version of the loaded library as TP_VERSION_NUMBER counts: major * 1000000 + minor * 1000 + patch. A program
/// asks that it be at least the TP_VERSION_NUMBER that it was built with.
#[unsafe(no_mangle)]
pub extern "C" fn tp_version_number() -> i32 {
    VERSION_NUMBER
}

/// The ABI of the loaded library. A program that loads it at run time asks that it equal TP_ABI_VERSION, before it
/// calls anything else.
#[unsafe(no_mangle)]
pub extern "C" fn tp_abi_version() -> i32 {
    ABI_VERSION
}

/// The name of a status, such as "TP_E_TLS"; "TP_OK" for 0, and "TP_E_?" for a number that this version does not know.
/// Never NULL; lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn tp_status_name(status: i32) -> *const c_char {
    if status == 0 {
        return c"TP_OK".as_ptr();
    }
    let known = Status::ALL.iter().find(|known| known.code() == status);
    known.map_or(c"TP_E_?", |known| known.c_name()).as_ptr()
}
