package in.testpress;

/**
 * The native library can't be used. Nothing was sent; the message says what to do, and {@link #reason()} tells which
 * trouble it is.
 */
public final class LibraryException extends TestpressException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    private final Reason reason;

    /** What is wrong. */
    public enum Reason {
        /** JNA could not be started: it is missing, or its temporary directory does not allow execution. */
        FFI_UNAVAILABLE,
        /** No file could be loaded; the message has every path that was tried, and why each failed. */
        NOT_FOUND,
        /** The library that was found has another ABI. */
        WRONG_ABI,
        /** The library that was found is older than this package. */
        TOO_OLD
    }

    /**
     * An exception of a reason.
     *
     * @param reason what is wrong
     * @param message for the developer: what happened, and what to do
     * @param cause the error below, or null
     */
    public LibraryException(Reason reason, String message, Throwable cause) {
        super(new ErrorDetails(0, "", message), cause);
        this.reason = reason;
    }

    /**
     * What is wrong.
     *
     * @return one of four
     */
    public Reason reason() {
        return reason;
    }
}
