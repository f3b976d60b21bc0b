package in.testpress;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import in.testpress.internal.Functions;
import in.testpress.internal.Handle;
import java.nio.CharBuffer;

/** One login on its way. */
final class Login extends PendingToken {
    private final Argument username;
    private final Argument password;

    private Login(Handle client, String username, CharBuffer password, Call call) {
        super("the client", client, call);
        try {
            this.username = argument("username", CharBuffer.wrap(username));
            this.password = argument("password", password);
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /**
     * Starts a login; the password is read before this returns.
     *
     * @throws IllegalStateException when the client is closed
     */
    static Login start(Handle client, String username, CharBuffer password, Call call) {
        Login login = new Login(client, username, password, call);
        login.start();
        return login;
    }

    @Override
    int request(Pointer client, Pointer call, PointerByReference token, PointerByReference error) {
        return Functions.tp_client_login(client, username.pointer(), password.pointer(), call, token, error);
    }
}
