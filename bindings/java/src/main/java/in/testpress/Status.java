package in.testpress;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The one table of the statuses: each with its number, and the class that is thrown for it. */
enum Status {
    INVALID_ARGUMENT(1, InvalidArgumentException::new),
    INTERNAL(2, InternalException::new),
    CANCELLED(3, CancelledException::new),
    STORE(4, StoreException::new),
    DNS(10, DnsException::new),
    CONNECT(11, ConnectException::new),
    TLS(12, TlsException::new),
    PROXY(13, ProxyException::new),
    TIMEOUT(14, TimeoutException::new),
    OUTCOME_UNKNOWN(15, OutcomeUnknownException::new),
    REJECTED(20, RejectedException::new),
    LOCKED(21, LockedException::new),
    TOO_MANY_DEVICES(22, TooManyDevicesException::new),
    THROTTLED(23, ThrottledException::new),
    UNAUTHORIZED(24, UnauthorizedException::new),
    FORBIDDEN(25, ForbiddenException::new),
    NOT_FOUND(26, NotFoundException::new),
    BAD_REQUEST(27, BadRequestException::new),
    SERVER(40, ServerException::new),
    BAD_RESPONSE(41, BadResponseException::new);

    /** What a function returns when all went well. */
    static final int OK = 0;

    private static final Map<Integer, Status> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(status -> status.number, status -> status));

    final int number;
    private final Function<ErrorDetails, TestpressException> exception;

    Status(int number, Function<ErrorDetails, TestpressException> exception) {
        this.number = number;
        this.exception = exception;
    }

    /** The exception to throw for an error; a status that the table lacks gets the base class. */
    static TestpressException exception(ErrorDetails details) {
        Status status = BY_NUMBER.get(details.status);
        return status == null ? new TestpressException(details) : status.exception.apply(details);
    }

    /** The exception for what this side found, before anything was sent. */
    TestpressException exception(String message) {
        return exception(new ErrorDetails(number, "TP_E_" + name(), message));
    }
}
