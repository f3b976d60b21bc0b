//! What belongs to one process: values that a forked child makes anew, and the environment.
//!
//! A pool or a TLS session that parent and child both use is torn by the first of them that speaks, and a lock that
//! another thread held at the fork stays locked for ever in the child. So what is mutable carries its process's id: a
//! child leaves the parent's value behind, without locking or dropping it, and makes its own.

mod environment;

use once_cell::race::OnceBox;

pub(crate) use self::environment::Environment;
use crate::sys::{ProcessId, process_id};

/// A list of one value for each process of a line of forks; nearly always one entry long. Never waits: threads that
/// make the value at once each make one, and the first to finish wins.
pub(crate) struct PerProcess<T> {
    first: OnceBox<Entry<T>>,
}

struct Entry<T> {
    process: ProcessId,
    /// `Some` until the drop.
    value: Option<T>,
    next: OnceBox<Entry<T>>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> PerProcess<T> {
        PerProcess { first: OnceBox::new() }
    }

    /// This process's value, made by `make` if there is none yet.
    pub(crate) fn get_or_try_init<E>(&self, mut make: impl FnMut() -> Result<T, E>) -> Result<&T, E> {
        let process = process_id();
        let mut cell = &self.first;
        loop {
            let entry =
                cell.get_or_try_init(|| Ok(Box::new(Entry { process, value: Some(make()?), next: OnceBox::new() })))?;
            match &entry.value {
                Some(value) if entry.process == process => return Ok(value),
                _ => cell = &entry.next,
            }
        }
    }

    /// This process's value, made from its parent's if there is none yet. The parent's threads may have been changing
    /// it at the fork.
    pub(crate) fn get_or_inherit(&self, mut make: impl FnMut(Option<&T>) -> T) -> &T {
        let process = process_id();
        let (mut cell, mut parent) = (&self.first, None);
        loop {
            let entry =
                cell.get_or_init(|| Box::new(Entry { process, value: Some(make(parent)), next: OnceBox::new() }));
            if entry.process == process
                && let Some(value) = &entry.value
            {
                return value;
            }
            (cell, parent) = (&entry.next, entry.value.as_ref());
        }
    }

    /// Neither this process nor a parent of it has made a value.
    pub(crate) fn is_unused(&self) -> bool {
        self.first.get().is_none()
    }

    /// This process's value, if it was made.
    pub(crate) fn get(&self) -> Option<&T> {
        let process = process_id();
        let mut entry = self.first.get();
        while let Some(candidate) = entry {
            if candidate.process == process {
                return candidate.value.as_ref();
            }
            entry = candidate.next.get();
        }
        None
    }
}

impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        if self.process != process_id() {
            // The parent's: its threads may have been in the middle of changing it.
            std::mem::forget(self.value.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_found_again() {
        let cell = PerProcess::new();
        assert!(cell.get().is_none());
        assert_eq!(cell.get_or_try_init(|| Err("no")), Err("no"));
        assert_eq!(cell.get_or_try_init(|| Ok::<_, ()>(1)), Ok(&1));
        assert_eq!(cell.get_or_try_init(|| Ok::<_, ()>(2)), Ok(&1));
        assert_eq!(cell.get(), Some(&1));
    }

    #[test]
    fn another_process_value_is_neither_used_nor_dropped() {
        // A number that this process had not when it was another.
        let parent = ProcessId::of_another();
        let dropped = std::sync::Arc::new(());
        let cell = PerProcess::new();
        let parent = Entry { process: parent, value: Some(dropped.clone()), next: OnceBox::new() };
        assert!(cell.first.set(Box::new(parent)).is_ok());
        assert!(cell.get().is_none());
        let own = std::sync::Arc::new(());
        assert!(cell.get_or_try_init(|| Ok::<_, ()>(own.clone())).is_ok());
        drop(cell);
        assert_eq!(std::sync::Arc::strong_count(&dropped), 2, "the parent's value stays");
        assert_eq!(std::sync::Arc::strong_count(&own), 1, "our own is dropped");
    }
}
