package in.testpress;

/** The login was cancelled: by {@link Call#cancel()}, or because its thread was interrupted. */
public final class CancelledException extends TestpressException {
    private static final long serialVersionUID = 1L;

    CancelledException(ErrorDetails details) {
        super(details);
    }
}
