//! From C's pointers to Rust's references, and back.

use std::ffi::{CStr, CString, c_char};

use crate::error::{Error, Result};

/// Gives a value to C, as a handle.
pub(super) fn own<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Takes a handle back from C and drops it. NULL is nothing.
pub(super) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        drop(Box::from_raw(handle));
    }
}

/// `name` is the parameter's, as the header has it.
pub(super) unsafe fn handle<'a, T>(name: &str, handle: *const T) -> Result<&'a T> {
    handle.as_ref().ok_or_else(|| Error::invalid(format!("{name} is NULL")))
}

pub(super) unsafe fn handle_mut<'a, T>(name: &str, handle: *mut T) -> Result<&'a mut T> {
    handle.as_mut().ok_or_else(|| Error::invalid(format!("{name} is NULL")))
}

pub(super) unsafe fn text<'a>(name: &str, text: *const c_char) -> Result<&'a str> {
    if text.is_null() {
        return Err(Error::invalid(format!("{name} is NULL")));
    }
    CStr::from_ptr(text)
        .to_str()
        .map_err(|error| Error::invalid(format!("{name} is not UTF-8 (after {} bytes)", error.valid_up_to())))
}

/// What a getter returns: a string that belongs to the handle, or NULL.
pub(super) fn borrowed(text: Option<&CStr>) -> *const c_char {
    text.map_or(std::ptr::null(), CStr::as_ptr)
}

/// A copy for C. Our texts have no NUL; one that came in from elsewhere would end there.
pub(super) fn c_string(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}
