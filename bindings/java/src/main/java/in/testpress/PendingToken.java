package in.testpress;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import in.testpress.internal.Functions;
import in.testpress.internal.Handle;
import in.testpress.internal.NativeThreads;
import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A token on its way: the native call runs on a thread of {@link NativeThreads}, and callers wait for it in a way that
 * can be interrupted.
 */
abstract class PendingToken implements Runnable {
    /** What undoes each step of the beginning, the last one first. */
    private final Deque<Runnable> releases = new ArrayDeque<>();

    private final Pointer owner;
    private final Handle nativeCall;

    /** A supplier, so that an exception is made, and has its stack trace, where it is thrown. */
    private final CompletableFuture<Supplier<Token>> answer = new CompletableFuture<>();

    /**
     * Begins to use what the token is asked of.
     *
     * @param name what the owner is called in an exception
     * @throws IllegalStateException when the owner is closed
     */
    PendingToken(String name, Handle owner, Call call) {
        try {
            this.owner = acquire(name, owner);
            nativeCall = new Handle(Functions.tp_call_new(call.timeoutMilliseconds()), Functions::tp_call_free, null);
            releases.push(nativeCall::close);
            call.begin(this);
            releases.push(() -> call.end(this));
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    private Pointer acquire(String name, Handle owner) {
        Pointer pointer = owner.acquire();
        if (pointer == null) {
            throw new IllegalStateException(name + " is closed");
        }
        releases.push(owner::release);
        return pointer;
    }

    /** A text that is wiped when the native call has ended. */
    final Argument argument(String name, CharBuffer text) {
        Argument argument = Argument.of(name, text);
        releases.push(argument::close);
        return argument;
    }

    /** Undoes the beginning. */
    final void release() {
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }

    /** The native call: its status. */
    abstract int request(Pointer owner, Pointer call, PointerByReference token, PointerByReference error);

    /** Starts the native call, on a thread of its own. */
    final void start() {
        try {
            NativeThreads.run(this);
        } catch (OutOfMemoryError e) {
            release();
            throw Status.INTERNAL.exception("no thread could be started for the login: " + e.getMessage());
        }
    }

    @Override
    public final void run() {
        try {
            Supplier<Token> result;
            try {
                result = NativeThreads.call(this::call);
            } finally {
                // Before anyone learns of the end: a client that is closed then is freed then.
                release();
            }
            answer.complete(result);
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    private Supplier<Token> call() {
        PointerByReference token = new PointerByReference();
        PointerByReference error = new PointerByReference();
        Pointer call = nativeCall.acquire();
        try {
            int status = request(owner, call, token, error);
            if (status == Status.OK) {
                Token taken = Token.take(token.getValue());
                return () -> taken;
            }
            ErrorDetails details = ErrorDetails.take(status, error.getValue());
            return () -> {
                throw Status.exception(details);
            };
        } finally {
            nativeCall.release();
        }
    }

    /** Ends the native call soon; does nothing when it has ended. From any thread, any number of times. */
    final void cancel() {
        nativeCall.ifOpen(Functions::tp_call_cancel);
    }

    /**
     * Waits for the end. An interrupt cancels the native call, and is still set when this returns or throws, which it
     * does when the native call has ended: no login goes on behind the caller's back.
     */
    final Token await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get().get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                }
            }
        } catch (ExecutionException e) {
            throw unexpected(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static TestpressException unexpected(Throwable cause) {
        TestpressException exception = Status.INTERNAL.exception("the login failed unexpectedly: " + cause);
        exception.initCause(cause);
        return exception;
    }

    /** A future that completes with the token; one that is completed otherwise (cancelled, timed out) cancels the call. */
    final CompletableFuture<Token> future() {
        CompletableFuture<Token> future = new CompletableFuture<>();
        answer.whenComplete((result, failure) -> {
            try {
                future.complete(await());
            } catch (RuntimeException | Error e) {
                future.completeExceptionally(e);
            }
        });
        future.whenComplete((token, failure) -> cancel());
        return future;
    }
}
