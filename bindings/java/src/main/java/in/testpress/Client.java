package in.testpress;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import in.testpress.internal.Functions;
import in.testpress.internal.Handle;
import in.testpress.internal.LoadedLibrary;
import in.testpress.internal.LogForwarder;
import in.testpress.internal.NativeText;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.URI;
import java.nio.CharBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A client of one institute, with its connections.
 *
 * <pre>{@code
 * try (Client client = Client.of("demo")) {
 *     Token token = client.login(username, password);
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Use it from any number of threads at once; no login waits for another. Each login runs on a daemon
 * thread of this package while its caller waits, so virtual threads are not pinned, and interrupting the caller ends the
 * login: it throws a {@link CancelledException}, with the interrupt still set.
 *
 * <p><b>Closing.</b> {@link #close()} returns at once. Logins that are under way come to their own end, later ones throw
 * an {@link IllegalStateException}. A client that was forgotten is closed when it is collected. Tokens live on.
 *
 * <p><b>Secrets.</b> A password given as {@code char[]} is encoded straight into native memory, which is wiped when the
 * login has ended; the array itself stays the caller's to wipe, as soon as the method has returned.
 */
public final class Client implements AutoCloseable {
    static final Cleaner CLEANER = Cleaner.create();

    private final Handle handle;
    private final LogForwarder log;
    private final Cleaner.Cleanable cleanable;
    private final URI origin;

    private Client(Pointer client, LogForwarder log) {
        handle = new Handle(client, Functions::tp_client_free, log);
        this.log = log;
        // The action must not hold the client itself, or it would never be collected.
        cleanable = CLEANER.register(this, handle::close);
        origin = URI.create(NativeText.read(Functions.tp_client_origin(client)));
    }

    /**
     * A client with the default options.
     *
     * @param institute a subdomain ({@code "demo"} for demo.testpress.in), a domain ({@code "learn.example.com"}) or an
     *     https URL without a path
     * @return the client, to be closed
     * @throws InvalidArgumentException when the institute breaks a rule
     * @throws LibraryException when the native library can't be used
     */
    public static Client of(String institute) {
        return builder(institute).build();
    }

    /**
     * Starts a client with options.
     *
     * @param institute as for {@link #of}
     * @return a builder
     */
    public static Builder builder(String institute) {
        return new Builder(Objects.requireNonNull(institute, "institute"));
    }

    /**
     * Where the client sends credentials.
     *
     * @return such as {@code https://demo.testpress.in}
     */
    public URI origin() {
        return origin;
    }

    /**
     * Logs in, and waits until there is an answer, the client's timeout has passed, or this thread is interrupted.
     *
     * @param username 1 byte to 64 KiB of UTF-8, sent exactly as given
     * @param password likewise
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     * @throws IllegalStateException when the client is closed
     */
    public Token login(String username, String password) {
        return login(username, password, new Call());
    }

    /**
     * Logs in with a timeout of its own, or so that it can be cancelled.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise
     * @param call the timeout and the cancellation
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     * @throws IllegalStateException when the client is closed
     */
    public Token login(String username, String password, Call call) {
        return start(username, wrap(password), call).await();
    }

    /**
     * Logs in with a password that can be wiped: it is read, and not kept.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise; the caller's to wipe
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     * @throws IllegalStateException when the client is closed
     */
    public Token login(String username, char[] password) {
        return login(username, password, new Call());
    }

    /**
     * Logs in with a password that can be wiped, and a timeout of its own, or so that it can be cancelled.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise; the caller's to wipe
     * @param call the timeout and the cancellation
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     * @throws IllegalStateException when the client is closed
     */
    public Token login(String username, char[] password, Call call) {
        return start(username, wrap(password), call).await();
    }

    /**
     * Logs in without blocking the caller. Cancelling the future, or letting it time out, ends the login on its way; a
     * future that was made from it ({@code thenApply}) does not pass its cancellation on.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise
     * @return completes with the token or a {@link TestpressException}, on a thread of this package
     * @throws IllegalStateException when the client is closed
     */
    public CompletableFuture<Token> loginAsync(String username, String password) {
        return loginAsync(username, wrap(password), new Call());
    }

    /**
     * Logs in without blocking the caller, with a timeout of its own.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise
     * @param call the timeout, and another way to cancel the login
     * @return as for {@link #loginAsync(String, String)}
     * @throws IllegalStateException when the client is closed
     */
    public CompletableFuture<Token> loginAsync(String username, String password, Call call) {
        return loginAsync(username, wrap(password), call);
    }

    /**
     * Logs in without blocking the caller, with a password that can be wiped as soon as this has returned.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise; the caller's to wipe
     * @return as for {@link #loginAsync(String, String)}
     * @throws IllegalStateException when the client is closed
     */
    public CompletableFuture<Token> loginAsync(String username, char[] password) {
        return loginAsync(username, wrap(password), new Call());
    }

    /**
     * Logs in without blocking the caller, with a password that can be wiped, and a timeout of its own.
     *
     * @param username as for {@link #login(String, String)}
     * @param password likewise; the caller's to wipe
     * @param call the timeout, and another way to cancel the login
     * @return as for {@link #loginAsync(String, String)}
     * @throws IllegalStateException when the client is closed
     */
    public CompletableFuture<Token> loginAsync(String username, char[] password, Call call) {
        return loginAsync(username, wrap(password), call);
    }

    private CompletableFuture<Token> loginAsync(String username, CharBuffer password, Call call) {
        try {
            return start(username, password, call).future();
        } catch (TestpressException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Login start(String username, CharBuffer password, Call call) {
        try {
            Objects.requireNonNull(username, "username");
            return Login.start(handle, username, password, Objects.requireNonNull(call, "call"));
        } finally {
            // Not collected, and so not closed, before the login counts as a use.
            Reference.reachabilityFence(this);
        }
    }

    /** A native session, which has this client's native part and may call its log's receiver after it was closed. */
    Handle newSession(String username, CharBuffer password) {
        Pointer client = handle.acquire();
        if (client == null) {
            throw new IllegalStateException("the client is closed");
        }
        PointerByReference session = new PointerByReference();
        PointerByReference error = new PointerByReference();
        try (Argument user = Argument.of("username", CharBuffer.wrap(username));
                Argument secret = Argument.of("password", password)) {
            int status = Functions.tp_session_new(client, user.pointer(), secret.pointer(), session, error);
            if (status != Status.OK) {
                throw Status.exception(ErrorDetails.take(status, error.getValue()));
            }
            return new Handle(session.getValue(), Functions::tp_session_free, log);
        } finally {
            handle.release();
            Reference.reachabilityFence(this);
        }
    }

    static CharBuffer wrap(String password) {
        return CharBuffer.wrap(Objects.requireNonNull(password, "password"));
    }

    static CharBuffer wrap(char[] password) {
        return CharBuffer.wrap(Objects.requireNonNull(password, "password"));
    }

    /** Closes the client and its connections. From any thread, any number of times. */
    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "Client[" + origin + "]";
    }

    /** The options of a client. For one thread at a time. */
    public static final class Builder {
        private final String institute;
        private final Map<String, String> options = new LinkedHashMap<>();
        private Level logLevel = Level.OFF;
        private BiConsumer<Level, String> logReceiver;

        private Builder(String institute) {
            this.institute = institute;
        }

        /**
         * Sets an option of the native library, such as {@code option("timeout_ms", "5000")}. Names and values are
         * checked by {@link #build()}.
         *
         * @param name one of those in the documentation of libtestpress
         * @param value as a text, numbers too
         * @return this builder
         */
        public Builder option(String name, String value) {
            options.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets options.
         *
         * @param options as for {@link #option}
         * @return this builder
         */
        public Builder options(Map<String, String> options) {
            options.forEach(this::option);
            return this;
        }

        /**
         * Sends log messages to a receiver, such as {@code System.getLogger("in.testpress")::log}. It is called on a
         * thread that logs in, perhaps on many at once; what it throws is ignored. No message carries a password or a
         * token.
         *
         * @param level the least grave level to send; {@link Level#OFF} sends nothing
         * @param receiver takes the level and the text
         * @return this builder
         */
        public Builder log(Level level, BiConsumer<Level, String> receiver) {
            logLevel = Objects.requireNonNull(level, "level");
            logReceiver = Objects.requireNonNull(receiver, "receiver");
            return this;
        }

        /**
         * Makes the client. Reads the files that options name; makes no connection. The system's trusted certificates are
         * read before the first one.
         *
         * @return the client, to be closed
         * @throws InvalidArgumentException when the institute or an option breaks a rule
         * @throws ProxyException when the environment's proxy is malformed
         * @throws LibraryException when the native library can't be used
         */
        public Client build() {
            LoadedLibrary.require();
            try (Config config = new Config()) {
                options.forEach(config::set);
                LogForwarder log = log(config);
                return new Client(config.newClient(institute), log);
            }
        }

        /** Null when nothing is to be sent. */
        private LogForwarder log(Config config) {
            int level = LogForwarder.number(logLevel);
            if (level == 0) {
                return null;
            }
            LogForwarder log = new LogForwarder(logReceiver);
            config.setLog(level, log);
            return log;
        }
    }
}
