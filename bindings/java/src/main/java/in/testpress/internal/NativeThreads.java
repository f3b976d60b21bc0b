package in.testpress.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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

    private static Thread thread(Runnable task) {
        // Not the caller's inheritable thread-locals: they would live on here.
        Thread thread = new Thread(null, task, "testpress-login-" + COUNT.incrementAndGet(), STACK_BYTES, false);
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(NativeThreads.class.getClassLoader());
        return thread;
    }
}
