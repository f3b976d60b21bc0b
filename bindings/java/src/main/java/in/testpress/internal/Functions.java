package in.testpress.internal;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of {@code testpress.h}, bound directly ({@link com.sun.jna.Native#register}) by {@link LoadedLibrary}.
 *
 * <p>Handles and texts are pointers. A text that goes in is UTF-8 with a NUL at its end; one that comes out lives as
 * long as the handle it was asked of.
 */
public final class Functions {
    private Functions() {}

    /** Receives a log message. */
    public interface LogCallback extends Callback {
        /**
         * Called on a thread that is inside a call of the client.
         *
         * @param context what was passed with the callback
         * @param level 1 (error) to 4 (debug)
         * @param message a text that lives until this returns
         */
        void invoke(Pointer context, int level, Pointer message);
    }

    public static native Pointer tp_version();

    public static native Pointer tp_status_name(int status);

    public static native int tp_token_from_jwt(
            Pointer institute, Pointer jwt, PointerByReference token, PointerByReference error);

    public static native void tp_token_free(Pointer token);

    public static native Pointer tp_auth_header(Pointer token);

    public static native Pointer tp_auth_value(Pointer token);

    public static native Pointer tp_token_jwt(Pointer token);

    public static native Pointer tp_token_origin(Pointer token);

    public static native long tp_token_expires_at(Pointer token);

    public static native Pointer tp_token_username(Pointer token);

    public static native Pointer tp_token_email(Pointer token);

    public static native long tp_token_user_id(Pointer token);

    public static native Pointer tp_token_claims(Pointer token);

    public static native Pointer tp_error_message(Pointer error);

    public static native int tp_error_http_status(Pointer error);

    public static native Pointer tp_error_server_code(Pointer error);

    public static native Pointer tp_error_server_message(Pointer error);

    public static native Pointer tp_error_server_body(Pointer error);

    public static native long tp_error_retry_after(Pointer error);

    public static native int tp_error_retryable(Pointer error);

    public static native int tp_error_request_sent(Pointer error);

    public static native void tp_error_free(Pointer error);

    public static native Pointer tp_config_new();

    public static native int tp_config_set(Pointer config, Pointer name, Pointer value, PointerByReference error);

    public static native int tp_config_set_log(Pointer config, int level, LogCallback callback, Pointer context);

    public static native void tp_config_free(Pointer config);

    public static native Pointer tp_call_new(long timeoutMilliseconds);

    public static native void tp_call_cancel(Pointer call);

    public static native void tp_call_free(Pointer call);

    public static native int tp_client_new(
            Pointer institute, Pointer config, PointerByReference client, PointerByReference error);

    public static native Pointer tp_client_origin(Pointer client);

    public static native int tp_client_login(
            Pointer client,
            Pointer username,
            Pointer password,
            Pointer call,
            PointerByReference token,
            PointerByReference error);

    public static native void tp_client_free(Pointer client);

    public static native int tp_session_new(
            Pointer client, Pointer username, Pointer password, PointerByReference session, PointerByReference error);

    public static native int tp_session_token(
            Pointer session, Pointer call, PointerByReference token, PointerByReference error);

    public static native void tp_session_reject(Pointer session, Pointer token);

    public static native int tp_session_check_store(Pointer session, PointerByReference error);

    public static native void tp_session_free(Pointer session);
}
