//! The allocator of the shared library: what is freed is wiped first.
//!
//! Passwords and tokens pass through buffers that are not ours: rustls' records, serde's scratch. None can be asked to
//! wipe them, but each gives them back.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{Ordering, compiler_fence};

/// One copy of the code for all the places that free. The fence keeps the compiler from seeing a write that nobody
/// reads, and leaving it out.
#[inline(never)]
unsafe fn wipe_and_free(pointer: *mut u8, layout: Layout) {
    pointer.write_bytes(0, layout.size());
    std::hint::black_box(pointer);
    compiler_fence(Ordering::SeqCst);
    System.dealloc(pointer, layout);
}

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
        wipe_and_free(pointer, layout);
    }

    #[inline(never)]
    /// The system's realloc may move the bytes and leave the old ones behind.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let new_layout = Layout::from_size_align_unchecked(new_size, layout.align());
        let moved = self.alloc(new_layout);
        if !moved.is_null() {
            std::ptr::copy_nonoverlapping(pointer, moved, layout.size().min(new_size));
            wipe_and_free(pointer, layout);
        }
        moved
    }
}
