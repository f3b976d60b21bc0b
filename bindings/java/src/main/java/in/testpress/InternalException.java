package in.testpress;

/** A bug in the library, or the process is out of descriptors or threads. */
public final class InternalException extends TestpressException {
    private static final long serialVersionUID = 1L;

    InternalException(ErrorDetails details) {
        super(details);
    }
}
