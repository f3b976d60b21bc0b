package in.testpress;

/** The token store can't be used. Only {@link Session#checkStore()} throws it. */
public final class StoreException extends TestpressException {
    private static final long serialVersionUID = 1L;

    StoreException(ErrorDetails details) {
        super(details);
    }
}
