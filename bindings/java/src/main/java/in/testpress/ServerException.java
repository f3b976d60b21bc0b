package in.testpress;

/** The server failed (HTTP 5xx). */
public final class ServerException extends ServerFaultException {
    private static final long serialVersionUID = 1L;

    ServerException(ErrorDetails details) {
        super(details);
    }
}
