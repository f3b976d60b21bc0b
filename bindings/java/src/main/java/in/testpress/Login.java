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
 * One login on its way: the native call runs on a thread of {@link NativeThreads}, and callers wait for it in a way that
 * can be interrupted.
 */
final class Login implements Runnable {
    /** What undoes each step of the beginning, the last one first. */
    private final Deque<Runnable> releases = new ArrayDeque<>();

    private final Pointer client;
    private final Argument username;
    private final Argument password;
    private final Handle nativeCall;

    /** A supplier, so that an exception is made, and has its stack trace, where it is thrown. */
    private final CompletableFuture<Supplier<Token>> answer = new CompletableFuture<>();

    private Login(Handle client, String username, CharBuffer password, Call call) {
        try {
            this.client = acquire(client);
            this.username = Argument.of("username", CharBuffer.wrap(username));
            releases.push(this.username::close);
            this.password = Argument.of("password", password);
            releases.push(this.password::close);
            nativeCall = new Handle(Functions.tp_call_new(call.timeoutMilliseconds()), Functions::tp_call_free, null);
            releases.push(nativeCall::close);
            call.begin(this);
            releases.push(() -> call.end(this));
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    private Pointer acquire(Handle client) {
        Pointer pointer = client.acquire();
        if (pointer == null) {
            throw new IllegalStateException("the client is closed");
        }
        releases.push(client::release);
        return pointer;
    }

    private void release() {
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }

    /**
     * Starts a login; the password is read before this returns.
     *
     * @throws IllegalStateException when the client is closed
     */
    static Login start(Handle client, String username, CharBuffer password, Call call) {
        Login login = new Login(client, username, password, call);
        try {
            NativeThreads.run(login);
            return login;
        } catch (OutOfMemoryError e) {
            login.release();
            throw Status.INTERNAL.exception("no thread could be started for the login: " + e.getMessage());
        }
    }

    @Override
    public void run() {
        try {
            Supplier<Token> result;
            try {
                result = call();
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
            int status = Functions.tp_client_login(client, username.pointer(), password.pointer(), call, token, error);
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
    void cancel() {
        nativeCall.ifOpen(Functions::tp_call_cancel);
    }

    /**
     * Waits for the end. An interrupt cancels the native call, and is still set when this returns or throws, which it
     * does when the native call has ended: no login goes on behind the caller's back.
     */
    Token await() {
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

    /** A future that completes with the login; one that is completed otherwise (cancelled, timed out) cancels it. */
    CompletableFuture<Token> future() {
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
