package in.testpress;

/** The deadline passed; {@link #requestSent()} tells whether the server may have seen the request. */
public final class TimeoutException extends NetworkException {
    private static final long serialVersionUID = 1L;

    TimeoutException(ErrorDetails details) {
        super(details);
    }
}
