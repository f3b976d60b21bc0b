package in.testpress;

/** The server failed: what it sent is a failure of its own, or makes no sense. */
public abstract class ServerFaultException extends TestpressException {
    private static final long serialVersionUID = 1L;

    ServerFaultException(ErrorDetails details) {
        super(details);
    }
}
