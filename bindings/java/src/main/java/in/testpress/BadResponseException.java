package in.testpress;

/** The answer is not one of the Testpress API: a captive portal, a redirect, malformed or cut short. */
public final class BadResponseException extends ServerFaultException {
    private static final long serialVersionUID = 1L;

    BadResponseException(ErrorDetails details) {
        super(details);
    }
}
