package in.testpress;

/** The account is locked after too many failed logins ({@code max_login_exceeded}). */
public final class LockedException extends RefusedException {
    private static final long serialVersionUID = 1L;

    LockedException(ErrorDetails details) {
        super(details);
    }
}
