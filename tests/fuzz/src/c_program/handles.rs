//! The handles of one kind that a program owns. Whatever it leaves is freed in the end: it leaks nothing itself.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use testpress::ffi::{
    tp_call, tp_call_free, tp_client, tp_client_free, tp_config, tp_config_free, tp_error, tp_error_free, tp_session,
    tp_session_free, tp_token, tp_token_free,
};

/// A type of handle, with the function that frees it.
pub trait Kind: Sized {
    /// Gives a handle back to the library. NULL is allowed.
    fn free(handle: *mut Self);
}

macro_rules! kinds {
    ($($kind:ident $free:ident)*) => {
        $(impl Kind for $kind {
            fn free(handle: *mut Self) {
                // SAFETY: a handle of this type that is owned here, and is freed once; or NULL.
                unsafe { $free(handle) }
            }
        })*
    };
}

kinds! {
    tp_call tp_call_free
    tp_client tp_client_free
    tp_config tp_config_free
    tp_error tp_error_free
    tp_session tp_session_free
    tp_token tp_token_free
}

/// Those that were made and not yet freed.
#[derive(Debug)]
pub struct Handles<T: Kind>(Vec<*mut T>);

impl<T: Kind> Handles<T> {
    /// None yet.
    pub fn new() -> Handles<T> {
        Handles(Vec::new())
    }

    /// Takes over a handle that a function handed out. NULL is nothing to own.
    pub fn add(&mut self, handle: *mut T) {
        if !handle.is_null() {
            self.0.push(handle);
        }
    }

    /// One of them, or NULL.
    pub fn pick(&self, input: &mut Unstructured) -> Result<*mut T> {
        let index = input.int_in_range(0..=self.0.len())?;
        Ok(self.0.get(index).copied().unwrap_or_default())
    }

    /// Frees one of them, or NULL.
    pub fn free_one(&mut self, input: &mut Unstructured) -> Result<()> {
        let index = input.int_in_range(0..=self.0.len())?;
        let handle = if index < self.0.len() { self.0.swap_remove(index) } else { std::ptr::null_mut() };
        T::free(handle);
        Ok(())
    }
}

impl<T: Kind> Default for Handles<T> {
    fn default() -> Handles<T> {
        Handles::new()
    }
}

impl<T: Kind> Drop for Handles<T> {
    fn drop(&mut self) {
        self.0.drain(..).for_each(T::free);
    }
}
