package in.testpress;

/** The server could not be reached, or its answer did not arrive. */
public abstract class NetworkException extends TestpressException {
    private static final long serialVersionUID = 1L;

    NetworkException(ErrorDetails details) {
        super(details);
    }
}
