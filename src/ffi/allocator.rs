//! The allocator of the shared library: what is freed is wiped first.
//!
//! Passwords and tokens pass through buffers that are not ours: rustls' records, serde's scratch. None can be asked to
//! wipe them, but each gives them back.

use std::alloc::{GlobalAlloc, Layout, System};

use zeroize::Zeroize;

struct WipingAllocator;

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator;

// SAFETY: every request goes to the system's allocator, with its own layout.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        System.alloc(layout)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        System.alloc_zeroed(layout)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        std::slice::from_raw_parts_mut(pointer.cast::<std::mem::MaybeUninit<u8>>(), layout.size()).zeroize();
        System.dealloc(pointer, layout);
    }

    /// The system's realloc may move the bytes and leave the old ones behind.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let new_layout = Layout::from_size_align_unchecked(new_size, layout.align());
        let moved = self.alloc(new_layout);
        if !moved.is_null() {
            std::ptr::copy_nonoverlapping(pointer, moved, layout.size().min(new_size));
            self.dealloc(pointer, layout);
        }
        moved
    }
}
