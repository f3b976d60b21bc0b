package in.testpress;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import in.testpress.internal.Functions;
import in.testpress.internal.Handle;
import in.testpress.internal.NativeThreads;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.URI;
import java.nio.CharBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Credentials, and always a valid token for them.
 *
 * <pre>{@code
 * try (Session session = new Session(client, username, password)) {
 *     request.setHeader("Authorization", session.authorization());
 * }
 * }</pre>
 *
 * <p>The first one who asks for a token logs in, and all who ask meanwhile get the same token. Shortly before it expires
 * one of them renews it; the others get it as it is. Sessions of a process with the same institute, user and password
 * share their token, unless their clients differ in trust, client certificate, proxy, {@code api_version}, {@code
 * login_encoding} or {@code store}. With the option {@code store} set to {@code file}, all processes of the system's user
 * do.
 *
 * <p><b>Back-off.</b> After a login that failed, the same exception comes back at once until the back-off has ended, with
 * the time that is left in {@link TestpressException#retryAfter()}, and nothing is sent. The back-off lasts 0.5 s to 30 s
 * after a failure of the server or the network, 60 s to an hour after a refusal, and as long as the server said where it
 * named a wait. {@link Client#login(String, String)} is always sent, and ends the back-off when it succeeds.
 *
 * <p>A session is for an application's own account. It may have a token already, and then sends nothing: check the
 * passwords of people with {@link Client#login(String, String)}.
 *
 * <p><b>Threads.</b> Use it from any number of threads at once. As with {@link Client}, virtual threads are not pinned,
 * and interrupting the caller ends its waiting: it throws a {@link CancelledException}, with the interrupt still set. If
 * it was the one that logged in, another who waits does that anew.
 *
 * <p><b>Closing.</b> {@link #close()} returns at once and wipes the credentials when the last call under way has ended;
 * later calls throw an {@link IllegalStateException}. A session that was forgotten is closed when it is collected. The
 * client may be closed before. Tokens live on.
 */
public final class Session implements AutoCloseable {
    private final Handle handle;
    private final Cleaner.Cleanable cleanable;
    private final URI origin;

    /**
     * A session of one user. Nothing is sent before a token is asked for.
     *
     * @param client whose institute, options and log it takes
     * @param username as for {@link Client#login(String, String)}
     * @param password likewise
     * @throws InvalidArgumentException when username or password breaks a rule
     * @throws IllegalStateException when the client is closed
     */
    public Session(Client client, String username, String password) {
        this(client, username, Client.wrap(password));
    }

    /**
     * A session of one user, with a password that can be wiped as soon as this has returned. The session has a copy in
     * native memory, which is wiped when it is closed.
     *
     * @param client whose institute, options and log it takes
     * @param username as for {@link Client#login(String, String)}
     * @param password likewise; the caller's to wipe
     * @throws InvalidArgumentException when username or password breaks a rule
     * @throws IllegalStateException when the client is closed
     */
    public Session(Client client, String username, char[] password) {
        this(client, username, Client.wrap(password));
    }

    private Session(Client client, String username, CharBuffer password) {
        origin = Objects.requireNonNull(client, "client").origin();
        handle = client.newSession(Objects.requireNonNull(username, "username"), password);
        // The action must not hold the session itself, or it would never be collected.
        cleanable = Client.CLEANER.register(this, handle::close);
    }

    /**
     * Where the tokens may go.
     *
     * @return the client's origin, such as {@code https://demo.testpress.in}
     */
    public URI origin() {
        return origin;
    }

    /**
     * Whether the tokens may go to an address, as {@link Token#isFor} tells it of one. Logs nobody in.
     *
     * @param address where a request goes
     * @return true when the header may go there
     */
    public boolean isFor(URI address) {
        return Origin.of(origin).equals(Origin.of(address));
    }

    /**
     * Gives a valid token: at once while there is one, else from a login, for which it waits until there is an answer, the
     * client's timeout has passed, or this thread is interrupted.
     *
     * @return the token
     * @throws TestpressException of a class that tells why there is none
     * @throws IllegalStateException when the session is closed
     */
    public Token token() {
        return token(new Call());
    }

    /**
     * Gives a valid token, with a timeout of its own, or so that the wait for it can be cancelled.
     *
     * @param call the timeout and the cancellation
     * @return the token
     * @throws TestpressException of a class that tells why there is none
     * @throws IllegalStateException when the session is closed
     */
    public Token token(Call call) {
        Inquiry inquiry = inquire(call);
        if (NativeThreads.isInsideACall()) {
            // The receiver of a log asks: the library has to see that this is the thread which logs in.
            inquiry.run();
        } else {
            inquiry.start();
        }
        return inquiry.await();
    }

    /**
     * Gives a valid token without blocking the caller. Cancelling the future, or letting it time out, ends the wait.
     *
     * @return completes with the token or a {@link TestpressException}, on a thread of this package
     * @throws IllegalStateException when the session is closed
     */
    public CompletableFuture<Token> tokenAsync() {
        return tokenAsync(new Call());
    }

    /**
     * Gives a valid token without blocking the caller, with a timeout of its own.
     *
     * @param call the timeout, and another way to cancel the wait
     * @return as for {@link #tokenAsync()}
     * @throws IllegalStateException when the session is closed
     */
    public CompletableFuture<Token> tokenAsync(Call call) {
        Inquiry inquiry = inquire(call);
        try {
            inquiry.start();
        } catch (TestpressException e) {
            return CompletableFuture.failedFuture(e);
        }
        return inquiry.future();
    }

    /**
     * The value of the {@code Authorization} header, of a valid token: {@link #token()} and {@link
     * Token#authorization()}. A secret: send it to {@link #origin()} only, and keep it out of logs.
     *
     * @return {@code "JWT eyJ…"}
     * @throws TestpressException of a class that tells why there is none
     * @throws IllegalStateException when the session is closed
     */
    public String authorization() {
        return token().authorization();
    }

    /**
     * Tells that the server answered 401 to a token: the next one is another. Nothing happens when it was replaced
     * already, so every thread may tell it. Never waits.
     *
     * <p>After two rejected tokens within a minute no login is made for a minute, and the newest token is given: one page
     * that answers 401 to good tokens does not stop the others.
     *
     * @param token one of this session
     * @throws IllegalStateException when the session is closed
     */
    public void reject(Token token) {
        Objects.requireNonNull(token, "token");
        Pointer session = handle.acquire();
        if (session == null) {
            throw new IllegalStateException("the session is closed");
        }
        try {
            token.lend(rejected -> Functions.tp_session_reject(session, rejected));
        } finally {
            handle.release();
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Tries the store that the client's option {@code store} names: reads, locks and writes. The store {@code memory} can
     * always be used.
     *
     * <p>A login never fails for its store: one that can't be used is passed over, with a warning in the log. This is for
     * those who want to know, such as a health check.
     *
     * @throws StoreException when it can't be used: tells what is wrong, and what to do
     * @throws IllegalStateException when the session is closed
     */
    public void checkStore() {
        Pointer session = handle.acquire();
        if (session == null) {
            throw new IllegalStateException("the session is closed");
        }
        PointerByReference error = new PointerByReference();
        try {
            int status = Functions.tp_session_check_store(session, error);
            if (status != Status.OK) {
                throw Status.exception(ErrorDetails.take(status, error.getValue()));
            }
        } finally {
            handle.release();
            Reference.reachabilityFence(this);
        }
    }

    private Inquiry inquire(Call call) {
        try {
            return new Inquiry(handle, Objects.requireNonNull(call, "call"));
        } finally {
            // Not collected, and so not closed, before the inquiry counts as a use.
            Reference.reachabilityFence(this);
        }
    }

    /** Closes the session. From any thread, any number of times. */
    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "Session[" + origin + "]";
    }

    /** One who asks for a token. */
    private static final class Inquiry extends PendingToken {
        Inquiry(Handle session, Call call) {
            super("the session", session, call);
        }

        @Override
        int request(Pointer session, Pointer call, PointerByReference token, PointerByReference error) {
            return Functions.tp_session_token(session, call, token, error);
        }
    }
}
