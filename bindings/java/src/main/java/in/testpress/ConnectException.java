package in.testpress;

/** No address of the host accepted a connection. */
public final class ConnectException extends NetworkException {
    private static final long serialVersionUID = 1L;

    ConnectException(ErrorDetails details) {
        super(details);
    }
}
