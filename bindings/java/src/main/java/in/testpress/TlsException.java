package in.testpress;

/** No trusted connection: the certificate was refused, or the handshake failed. */
public final class TlsException extends NetworkException {
    private static final long serialVersionUID = 1L;

    TlsException(ErrorDetails details) {
        super(details);
    }
}
