package in.testpress;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A deadline and a cancellation for a login or for {@link Session#token(Call)}, to be shared with a thread that may
 * cancel it.
 *
 * <pre>{@code
 * Call call = Call.withTimeout(Duration.ofSeconds(5));
 * button.onClick(call::cancel);
 * Token token = client.login(username, password, call);
 * }</pre>
 *
 * <p>Thread-safe; needs no closing.
 */
public final class Call {
    private final Duration timeout;
    private final Set<PendingToken> running = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /** A call with the client's timeout, that can be cancelled. */
    public Call() {
        this(null);
    }

    private Call(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * A call with a timeout of its own, which counts from the start of the login.
     *
     * @param timeout any duration: zero or less is a deadline that has passed already, and more than a day counts as a
     *     day
     * @return a call that can be cancelled, too
     */
    public static Call withTimeout(Duration timeout) {
        return new Call(Objects.requireNonNull(timeout, "timeout"));
    }

    /**
     * The timeout.
     *
     * @return empty when it is the client's
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * Ends the login that this was passed to with a {@link CancelledException}; or the next one, as a call stays
     * cancelled. From any thread, before or during the login, any number of times.
     */
    public void cancel() {
        cancelled = true;
        running.forEach(PendingToken::cancel);
    }

    /**
     * Whether {@link #cancel()} was called.
     *
     * @return true when it was
     */
    public boolean isCancelled() {
        return cancelled;
    }

    void begin(PendingToken pending) {
        running.add(pending);
        // After it was added: a cancellation finds either the login here, or is found by it.
        if (cancelled) {
            pending.cancel();
        }
    }

    void end(PendingToken pending) {
        running.remove(pending);
    }

    /** As the library takes it: whole milliseconds, rounded up; 0 for the client's; negative when it has passed. */
    long timeoutMilliseconds() {
        if (timeout == null) {
            return 0;
        }
        if (timeout.isZero() || timeout.isNegative()) {
            return -1;
        }
        long most = Duration.ofDays(1).toMillis();
        return timeout.compareTo(Duration.ofDays(1)) > 0
                ? most
                : timeout.plusNanos(999_999).toMillis();
    }

    @Override
    public String toString() {
        return "Call[timeout=" + (timeout == null ? "the client's" : timeout) + ", cancelled=" + cancelled + "]";
    }
}
