package in.testpress;

/** The connection was lost after the request was sent and before its answer came. */
public final class OutcomeUnknownException extends NetworkException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(ErrorDetails details) {
        super(details);
    }
}
