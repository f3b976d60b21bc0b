package in.testpress;

/** An argument or option breaks a rule; the message names it and what it takes. */
public final class InvalidArgumentException extends TestpressException {
    private static final long serialVersionUID = 1L;

    InvalidArgumentException(ErrorDetails details) {
        super(details);
    }
}
