package in.testpress;

/** The user is logged in on too many devices ({@code parallel_login_restriction}). */
public final class TooManyDevicesException extends RefusedException {
    private static final long serialVersionUID = 1L;

    TooManyDevicesException(ErrorDetails details) {
        super(details);
    }
}
