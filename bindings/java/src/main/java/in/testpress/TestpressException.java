package in.testpress;

import in.testpress.internal.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Why something failed: the base of all exceptions of this library.
 *
 * <p>Each status has a class of its own, named after it: {@code TP_E_TOO_MANY_DEVICES} is {@link
 * TooManyDevicesException}. Catch {@link NetworkException}, {@link RefusedException} or {@link ServerFaultException} for
 * a whole group. A status that is newer than this package comes as this class.
 *
 * <p>{@link #getMessage()} is for the developer, in English: what happened, to which host, in which phase, and what to
 * do. {@link #serverMessage()} and {@link #fieldErrors()} are for the user. No text carries a password or a token.
 */
public class TestpressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** All that is known. */
    private final ErrorDetails details;

    TestpressException(ErrorDetails details) {
        this(details, null);
    }

    TestpressException(ErrorDetails details, Throwable cause) {
        super(details.message, cause);
        this.details = details;
    }

    /**
     * The number of the status, such as 22.
     *
     * @return the number; 0 for a {@link LibraryException}, which has none
     */
    public final int status() {
        return details.status;
    }

    /**
     * The name of the status.
     *
     * @return such as {@code "TP_E_TOO_MANY_DEVICES"}; {@code "TP_E_?"} for a number that the library does not know;
     *     empty for a {@link LibraryException}
     */
    public final String statusName() {
        return details.statusName;
    }

    /**
     * The HTTP status of the answer.
     *
     * @return such as 429; empty when there was no answer
     */
    public final OptionalInt httpStatus() {
        return details.httpStatus == 0 ? OptionalInt.empty() : OptionalInt.of(details.httpStatus);
    }

    /**
     * The server's {@code error_code}.
     *
     * @return such as {@code "max_login_exceeded"}; empty when it sent none
     */
    public final Optional<String> serverCode() {
        return Optional.ofNullable(details.serverCode);
    }

    /**
     * For the user: the server's own words, in the language it chose. They may hold anything: escape them before they go
     * into a page.
     *
     * @return the words; empty when the server sent none
     */
    public final Optional<String> serverMessage() {
        return Optional.ofNullable(details.serverMessage);
    }

    /**
     * The server's whole JSON answer.
     *
     * @return a JSON object; empty when the answer was none, or longer than 8 KiB
     */
    public final Optional<String> serverBody() {
        return Optional.ofNullable(details.serverBody);
    }

    /**
     * For the user: what the server has against each field of a form, such as {@code password}, and against the form as
     * a whole ({@code non_field_errors}). Escape the texts before they go into a page.
     *
     * @return the texts by field; empty when the server named no field
     */
    public final Map<String, List<String>> fieldErrors() {
        Map<String, List<String>> errors = new TreeMap<>();
        Json.object(details.serverBody).forEach((field, value) -> {
            List<String> texts = texts(value);
            if (!texts.isEmpty()) {
                errors.put(field, texts);
            }
        });
        return errors;
    }

    /** Django REST framework gives a field's errors as a list; what is no list ({@code error_code}) is no field. */
    private static List<String> texts(Object value) {
        if (!(value instanceof List)) {
            return List.of();
        }
        return ((List<?>) value)
                .stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toUnmodifiableList());
    }

    /**
     * How long to wait before the next try, where the server named it ({@code Retry-After}).
     *
     * @return whole seconds; empty when unknown
     */
    public final Optional<Duration> retryAfter() {
        return details.retryAfterSeconds < 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(details.retryAfterSeconds));
    }

    /**
     * Whether the same call may work later.
     *
     * @return true when it may
     */
    public final boolean retryable() {
        return details.retryable;
    }

    /**
     * Whether the server may have seen the request.
     *
     * @return true when it may
     */
    public final boolean requestSent() {
        return details.requestSent;
    }
}
