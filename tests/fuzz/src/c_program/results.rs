//! What the header promises of results and getters.

use std::ffi::{CStr, c_char};
use std::ptr;

use testpress::Status;
use testpress::ffi::*;

use super::arguments::PASSWORD;

/// Where a function that can fail writes: its output, and its error.
#[derive(Debug)]
pub struct Outcome<T> {
    output: *mut T,
    error: *mut tp_error,
    takes_output: bool,
    takes_error: bool,
}

impl<T> Outcome<T> {
    /// What both hold before the call is nothing that may be used: the function overwrites it.
    pub fn new(takes_output: bool, takes_error: bool) -> Outcome<T> {
        let (output, error) = (ptr::NonNull::dangling().as_ptr(), ptr::NonNull::dangling().as_ptr());
        Outcome { output, error, takes_output, takes_error }
    }

    /// The parameter `output`.
    pub fn output(&mut self) -> *mut *mut T {
        if self.takes_output { &raw mut self.output } else { ptr::null_mut() }
    }

    /// The parameter `error`.
    pub fn error(&mut self) -> *mut *mut tp_error {
        if self.takes_error { &raw mut self.error } else { ptr::null_mut() }
    }

    /// What the function wrote, which is what its status says: output and error, of which one is NULL at least.
    pub fn check(self, status: i32) -> (*mut T, *mut tp_error) {
        // A caught panic gives this one, and hides it.
        assert_ne!(status, Status::Internal.code(), "a bug in the library");
        let output = if self.takes_output { self.output } else { ptr::null_mut() };
        let error = if self.takes_error { self.error } else { ptr::null_mut() };
        assert_eq!(output.is_null(), status != 0 || !self.takes_output, "the output of status {status}");
        assert_eq!(error.is_null(), status == 0 || !self.takes_error, "the error of status {status}");
        if !self.takes_output {
            assert_eq!(status, Status::InvalidArgument.code());
        }
        // SAFETY: an error that was just handed out, or NULL.
        let told = unsafe { tp_error_status(error) };
        assert!(error.is_null() || told == status, "the error of status {status} says {told}");
        (output, error)
    }

    /// As `check`, for a function without an output.
    pub fn check_error(self, status: i32) -> *mut tp_error {
        assert!(matches!(status, 0 | 1), "status {status} of a function that does nothing but check");
        let error = if self.takes_error { self.error } else { ptr::null_mut() };
        assert_eq!(error.is_null(), status == 0 || !self.takes_error, "the error of status {status}");
        error
    }
}

/// Reads a string that a getter returned, to its end.
///
/// # Safety
///
/// `text` is NULL, or lives as long as the result is used.
unsafe fn read<'a>(text: *const c_char) -> Option<&'a str> {
    // SAFETY: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().expect("every text is UTF-8"))
}

/// Asks a live error, or NULL, for all that it knows.
pub fn read_error(error: *const tp_error) {
    // SAFETY: a live handle or NULL; no text is used after it.
    unsafe {
        let message = read(tp_error_message(error));
        assert_eq!(message.is_none(), error.is_null());
        for text in [message, read(tp_error_server_code(error)), read(tp_error_server_message(error))] {
            assert!(!text.unwrap_or_default().contains(PASSWORD), "the password in {text:?}");
        }
        assert!(!read(tp_error_server_body(error)).unwrap_or_default().contains(PASSWORD));
        assert_eq!(tp_error_status(error) == 0, error.is_null());
        assert!((0..1000).contains(&tp_error_http_status(error)));
        assert!((-1..=86_400).contains(&tp_error_retry_after(error)));
        assert!(matches!((tp_error_retryable(error), tp_error_request_sent(error)), (0 | 1, 0 | 1)));
    }
}

/// Asks a live token, or NULL, for all that it knows.
pub fn read_token(token: *const tp_token) {
    // SAFETY: a live handle or NULL; no text is used after it.
    unsafe {
        let (header, value, jwt) = (read(tp_auth_header(token)), read(tp_auth_value(token)), read(tp_token_jwt(token)));
        let origin = read(tp_token_origin(token));
        assert_eq!([header, value, jwt, origin].map(|text| text.is_none()), [token.is_null(); 4]);
        if let (Some(header), Some(value), Some(jwt), Some(origin)) = (header, value, jwt, origin) {
            assert!(header == format!("Authorization: {value}") && value == format!("JWT {jwt}"));
            assert!(origin.starts_with("http"), "{origin:?}");
        }
        let known = tp_token_expires_at(token);
        assert!(known >= 0 && (known == 0) == (tp_token_expires_in(token) == i64::MAX));
        let claims = read(tp_token_claims(token));
        let told = [read(tp_token_username(token)), read(tp_token_email(token))];
        assert!(claims.is_some() || (told == [None, None] && tp_token_user_id(token) == -1 && known == 0));
    }
}

/// Asks a live client, or NULL, where it sends credentials.
pub fn read_client(client: *const tp_client) -> Option<String> {
    // SAFETY: a live handle or NULL.
    let origin = unsafe { read(tp_client_origin(client)) };
    assert_eq!(origin.is_none(), client.is_null());
    origin.map(str::to_owned)
}

/// Asks for the name of a status.
pub fn read_status(status: i32) {
    // SAFETY: the name lives as long as the library.
    let name = unsafe { read(tp_status_name(status)) }.expect("every number has a name");
    let known = status == 0 || Status::ALL.iter().any(|known| known.code() == status);
    assert!(name.starts_with("TP_") && (name == "TP_E_?") != known, "{status}: {name}");
}
