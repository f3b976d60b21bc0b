package in.testpress;

/** The name of the host could not be resolved. */
public final class DnsException extends NetworkException {
    private static final long serialVersionUID = 1L;

    DnsException(ErrorDetails details) {
        super(details);
    }
}
