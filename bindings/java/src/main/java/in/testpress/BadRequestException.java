package in.testpress;

/** The server did not accept the request; {@link #fieldErrors()} names the fields. */
public final class BadRequestException extends RefusedException {
    private static final long serialVersionUID = 1L;

    BadRequestException(ErrorDetails details) {
        super(details);
    }
}
