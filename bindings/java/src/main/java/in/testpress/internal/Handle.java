package in.testpress.internal;

import com.sun.jna.Pointer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A native handle that is freed once: after it was closed, and after the last use that had begun by then has ended.
 *
 * <p>Uses are counted, the owner's own being the first. So closing never waits, and never frees under a running call.
 */
public final class Handle {
    private final Pointer pointer;
    private final Consumer<Pointer> free;
    private final AtomicInteger uses = new AtomicInteger(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What native code points to (a callback): the collector must not take it before the handle is freed. */
    @SuppressWarnings("unused")
    private final Object kept;

    /**
     * A handle that owns a pointer.
     *
     * @param free the native function that frees it
     * @param kept what has to live as long as the pointer, or null
     */
    public Handle(Pointer pointer, Consumer<Pointer> free, Object kept) {
        this.pointer = pointer;
        this.free = free;
        this.kept = kept;
    }

    /**
     * Begins a use, which {@link #release} ends.
     *
     * @return the pointer; null when the handle is closed
     */
    public Pointer acquire() {
        int count;
        do {
            count = uses.get();
            if (count == 0 || closed.get()) {
                return null;
            }
        } while (!uses.compareAndSet(count, count + 1));
        return pointer;
    }

    /** Ends a use. */
    public void release() {
        if (uses.decrementAndGet() == 0) {
            free.accept(pointer);
        }
    }

    /** Passes the pointer to an action, unless the handle is closed. */
    public void ifOpen(Consumer<Pointer> action) {
        Pointer acquired = acquire();
        if (acquired != null) {
            try {
                action.accept(acquired);
            } finally {
                release();
            }
        }
    }

    /** Refuses further uses. From any thread, any number of times. */
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }
}
