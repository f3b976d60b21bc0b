package in.testpress;

/** The proxy could not be used. */
public final class ProxyException extends NetworkException {
    private static final long serialVersionUID = 1L;

    ProxyException(ErrorDetails details) {
        super(details);
    }
}
