//! No panic crosses into C, and none prints: the one place where they end.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::tp_error;
use super::pointer::{handle_mut, own};
use crate::error::{Error, Result, Status};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `body`. A panic in it, which would be a bug of ours, gives `fallback`.
///
/// State behind the handles is never left half-changed by a panic: it is immutable, or guarded by locks that poison.
pub(super) fn guard<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    silence_caught_panics();
    let outer = INSIDE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    INSIDE.set(outer);
    result.unwrap_or(fallback)
}

/// Runs a function that can fail: `output` and `error` are NULL until there is something to write to them. `name` is the
/// output's, as the header has it.
pub(super) unsafe fn fallible<T>(
    name: &str,
    output: *mut *mut T,
    error: *mut *mut tp_error,
    body: impl FnOnce() -> Result<*mut T>,
) -> i32 {
    if let Some(output) = output.as_mut() {
        *output = std::ptr::null_mut();
    }
    status(error, || {
        let output = handle_mut(name, output)?;
        *output = body()?;
        Ok(())
    })
}

/// As `fallible`, for a function without a result.
pub(super) unsafe fn status(error: *mut *mut tp_error, body: impl FnOnce() -> Result<()>) -> i32 {
    if let Some(error) = error.as_mut() {
        *error = std::ptr::null_mut();
    }
    let result = guard(None, || Some(body()));
    let failed = match result {
        Some(Ok(())) => None,
        Some(Err(error)) => Some(error),
        None => Some(Error::new(Status::Internal, "a bug in libtestpress (a caught panic): please report it")),
    };
    let Some(failed) = failed else { return 0 };
    let code = failed.status().code();
    if let Some(error) = error.as_mut() {
        *error = guard(std::ptr::null_mut(), || own(tp_error::new(failed)));
    }
    code
}

/// The default panic hook prints before anybody can catch. Ours stays silent about a panic that `guard` is going to
/// catch, and leaves every other one to the hook that was there.
fn silence_caught_panics() {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    if INSTALLED.load(Ordering::Relaxed) || INSTALLED.swap(true, Ordering::AcqRel) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !INSIDE.get() {
            before(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = std::ptr::null_mut();
        let mut output = std::ptr::NonNull::<i32>::dangling().as_ptr();
        // SAFETY: both pointers are to live variables.
        let code = unsafe { fallible("output", &mut output, &mut error, || panic!("with s3cret")) };
        assert_eq!(code, Status::Internal.code());
        assert!(output.is_null());
        // SAFETY: made by `own` above.
        let error = unsafe { Box::from_raw(error) };
        assert!(!format!("{:?}", *error).contains("s3cret"));
    }

    #[test]
    fn a_guard_inside_a_guard_keeps_the_outer_one() {
        assert_eq!(guard(1, || guard(2, || panic!()) + guard(3, || 4)), 6);
        assert_eq!(
            guard(1, || {
                guard(2, || 2);
                panic!()
            }),
            1
        );
    }
}
