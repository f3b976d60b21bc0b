package in.testpress;

/** The server rejected the credentials: wrong name or password, or an inactive user. */
public final class RejectedException extends RefusedException {
    private static final long serialVersionUID = 1L;

    RejectedException(ErrorDetails details) {
        super(details);
    }
}
