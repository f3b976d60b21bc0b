package in.testpress;

/** The server did not accept the token: expired, withdrawn, or of a disabled user. */
public final class UnauthorizedException extends RefusedException {
    private static final long serialVersionUID = 1L;

    UnauthorizedException(ErrorDetails details) {
        super(details);
    }
}
