package in.testpress.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads that native calls block: platform threads, one for each login that is under way.
 *
 * <p>A thread inside native code notices no interrupt, and would take a virtual thread's carrier with it: so no caller's
 * thread ever goes there. There is no queue and no limit, since a login that waits for a stalled server must not hold up
 * another one; the deadline of each is what bounds their number. The threads are daemons with small stacks, and end
 * after a few idle seconds: nothing is left behind in an application server that unloads its applications.
 */
public final class NativeThreads {
    private static final int IDLE_SECONDS = 5;
    /** Only the pages that are touched take memory; the library needs a small part of it. */
    private static final int STACK_BYTES = 512 * 1024;

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Executor EXECUTOR = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), NativeThreads::thread);

    private NativeThreads() {}

    /**
     * Runs a task on a thread of its own.
     *
     * @throws OutOfMemoryError when the process can't have another thread
     */
    public static void run(Runnable task) {
        EXECUTOR.execute(task);
    }

    /** Makes a native call on this thread. */
    public static <T> T call(Supplier<T> nativeCall) {
        Thread thread = Thread.currentThread();
        if (!(thread instanceof NativeThread)) {
            return nativeCall.get();
        }
        NativeThread inside = (NativeThread) thread;
        inside.calls++;
        try {
            return nativeCall.get();
        } finally {
            inside.calls--;
        }
    }

    /** Whether a native call has called this thread back: with a message for the log. */
    public static boolean isInsideACall() {
        Thread thread = Thread.currentThread();
        return thread instanceof NativeThread && ((NativeThread) thread).calls > 0;
    }

    private static final class NativeThread extends Thread {
        /** The native calls that it is in, one inside the other. Only the thread itself looks. */
        private int calls;

        NativeThread(Runnable task, String name) {
            // Not the caller's inheritable thread-locals: they would live on here.
            super(null, task, name, STACK_BYTES, false);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new NativeThread(task, "testpress-login-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(NativeThreads.class.getClassLoader());
        return thread;
    }
}
