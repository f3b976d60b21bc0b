package in.testpress;

/** The server said no. */
public abstract class RefusedException extends TestpressException {
    private static final long serialVersionUID = 1L;

    RefusedException(ErrorDetails details) {
        super(details);
    }
}
