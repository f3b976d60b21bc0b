package in.testpress;

/** Too many requests; {@link #retryAfter()} tells the wait when the server named one. */
public final class ThrottledException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ThrottledException(ErrorDetails details) {
        super(details);
    }
}
