/*
 * Tells the thread sanitizer what it can't see in Rust's standard library: linked into the library
 * that it watches.
 *
 * It learns which thread's work comes before which other's from the atomic operations in code that
 * was built for it. std was not: it comes built. Most of its locks and counters are generic or
 * inline, so they become part of our code and are seen, but for the three below. Each gets the one
 * edge that it has in truth, no more, so that a lock that is not taken, or a counter that is not
 * atomic, is still found.
 *
 * LOCK_CONTENDED is the mangled name of std::sys::sync::mutex::futex::Mutex::lock_contended,
 * ONCE_CALL that of std::sys::sync::once::futex::Once::call.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

/*
 * A Mutex that is free is locked by inline code. For one that is not, this function waits, and
 * locks it with an atomic operation of its own: what the last owner did comes before.
 */
extern void wait_for_lock(uint32_t *futex) __asm__("__real_" LOCK_CONTENDED);
extern void wait_and_tell(uint32_t *futex) __asm__("__wrap_" LOCK_CONTENDED);

void wait_and_tell(uint32_t *futex) {
    wait_for_lock(futex);
    __tsan_acquire(futex);
}

/*
 * An Arc's last owner frees it after a fence: what the others did before they let go comes before.
 * Fences are nothing that the sanitizer knows. This one is for the counter that the thread has just
 * counted down.
 */
extern uint64_t __real___tsan_atomic64_fetch_sub(volatile uint64_t *counter, uint64_t amount,
                                                 int order);
extern uint64_t __wrap___tsan_atomic64_fetch_sub(volatile uint64_t *counter, uint64_t amount,
                                                 int order);
extern void __real___tsan_atomic_thread_fence(int order);
extern void __wrap___tsan_atomic_thread_fence(int order);

static _Thread_local volatile uint64_t *counted_down;

uint64_t __wrap___tsan_atomic64_fetch_sub(volatile uint64_t *counter, uint64_t amount, int order) {
    counted_down = counter;
    return __real___tsan_atomic64_fetch_sub(counter, amount, order);
}

void __wrap___tsan_atomic_thread_fence(int order) {
    if (order == __ATOMIC_ACQUIRE && counted_down)
        __tsan_acquire((void *)counted_down);
    counted_down = NULL;
    __real___tsan_atomic_thread_fence(order);
}

/*
 * A OnceLock is set in this function, and read by inline code once its futex says so: what the
 * thread that set it did before comes before. What the maker itself does inside is in thread.supp.
 */
extern void call_once(uint32_t *futex, bool ignore_poisoning, void *maker, const void *vtable,
                      const void *location) __asm__("__real_" ONCE_CALL);
extern void tell_and_call_once(uint32_t *futex, bool ignore_poisoning, void *maker,
                               const void *vtable,
                               const void *location) __asm__("__wrap_" ONCE_CALL);

void tell_and_call_once(uint32_t *futex, bool ignore_poisoning, void *maker, const void *vtable,
                        const void *location) {
    __tsan_release(futex);
    call_once(futex, ignore_poisoning, maker, vtable, location);
    __tsan_acquire(futex);
}
