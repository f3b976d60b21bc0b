package in.testpress;

import com.sun.jna.Pointer;
import in.testpress.internal.Functions;
import in.testpress.internal.NativeText;
import java.io.Serializable;

/** What an exception tells, copied out of the native error: so it needs no closing, and can be serialized. */
final class ErrorDetails implements Serializable {
    private static final long serialVersionUID = 1L;

    final int status;
    final String statusName;
    final String message;
    final int httpStatus;
    final String serverCode;
    final String serverMessage;
    final String serverBody;
    final long retryAfterSeconds;
    final boolean retryable;
    final boolean requestSent;

    /** An error that this side found: nothing was sent. */
    ErrorDetails(int status, String statusName, String message) {
        this.status = status;
        this.statusName = statusName;
        this.message = message;
        httpStatus = 0;
        serverCode = null;
        serverMessage = null;
        serverBody = null;
        retryAfterSeconds = -1;
        retryable = false;
        requestSent = false;
    }

    private ErrorDetails(int status, Pointer error) {
        this.status = status;
        statusName = NativeText.read(Functions.tp_status_name(status));
        message = NativeText.read(Functions.tp_error_message(error));
        httpStatus = Functions.tp_error_http_status(error);
        serverCode = NativeText.read(Functions.tp_error_server_code(error));
        serverMessage = NativeText.read(Functions.tp_error_server_message(error));
        serverBody = NativeText.read(Functions.tp_error_server_body(error));
        retryAfterSeconds = Functions.tp_error_retry_after(error);
        retryable = Functions.tp_error_retryable(error) != 0;
        requestSent = Functions.tp_error_request_sent(error) != 0;
    }

    /** Copies a native error and frees it. */
    static ErrorDetails take(int status, Pointer error) {
        try {
            return new ErrorDetails(status, error);
        } finally {
            Functions.tp_error_free(error);
        }
    }
}
