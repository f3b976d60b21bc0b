package in.testpress;

/** The user may not do this. */
public final class ForbiddenException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ForbiddenException(ErrorDetails details) {
        super(details);
    }
}
