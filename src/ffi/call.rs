//! `tp_call`: one call's deadline and cancellation.

use std::time::Duration;

use super::guard::guard;
use super::pointer::{free, own};
use crate::call::Call;

/// One call's deadline and cancellation. Thread-safe.
pub struct tp_call(pub(super) Call);

/// A deadline and a cancellation for one call, which may be shared with a thread that cancels it. The caller frees it
/// with tp_call_free once the call has returned and no thread will cancel it any more.
///
/// timeout_ms counts from the start of the call that it is passed to: 0 leaves the client's timeout_ms, a negative
/// value is a deadline that has passed already, and more than 86400000 (a day) counts as a day.
#[unsafe(no_mangle)]
pub extern "C" fn tp_call_new(timeout_ms: i64) -> *mut tp_call {
    guard(std::ptr::null_mut(), || {
        let milliseconds = u64::try_from(timeout_ms).unwrap_or(0);
        own(tp_call(Call::new((timeout_ms != 0).then(|| Duration::from_millis(milliseconds)))))
    })
}

/// Ends the call that this was passed to with TP_E_CANCELLED, within 150 ms; or the next one, as it stays cancelled.
/// From any thread, before or during the call, any number of times; not from a signal handler. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_call_cancel(call: *mut tp_call) {
    guard((), || {
        if let Some(call) = call.as_ref() {
            call.0.cancel();
        }
    })
}

/// Frees a call. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tp_call_free(call: *mut tp_call) {
    guard((), || free(call))
}
