package in.testpress;

import in.testpress.internal.Functions;
import in.testpress.internal.LoadedLibrary;
import in.testpress.internal.NativeText;
import java.util.Map;

/**
 * Logs a user in to a <a href="https://testpress.in">Testpress</a> institute, in one call.
 *
 * <pre>{@code
 * Token token = Testpress.login("demo", username, password);
 * connection.setRequestProperty("Authorization", token.authorization());
 * }</pre>
 *
 * <p>A program that logs in more than once makes a {@link Client}, which keeps its connections.
 */
public final class Testpress {
    private Testpress() {}

    /**
     * Logs in with the default options.
     *
     * @param institute a subdomain ({@code "demo"} for demo.testpress.in), a domain ({@code "learn.example.com"}) or an
     *     https URL without a path
     * @param username 1 byte to 64 KiB of UTF-8, sent exactly as given
     * @param password likewise
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     */
    public static Token login(String institute, String username, String password) {
        return login(institute, username, password, Map.of());
    }

    /**
     * Logs in.
     *
     * @param institute as for {@link #login(String, String, String)}
     * @param username likewise
     * @param password likewise
     * @param options as for {@link Client.Builder#option}
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     */
    public static Token login(String institute, String username, String password, Map<String, String> options) {
        try (Client client = Client.builder(institute).options(options).build()) {
            return client.login(username, password);
        }
    }

    /**
     * Logs in with the default options and a password that can be wiped: it is read, and not kept.
     *
     * @param institute as for {@link #login(String, String, String)}
     * @param username likewise
     * @param password likewise; the caller's to wipe
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     */
    public static Token login(String institute, String username, char[] password) {
        return login(institute, username, password, Map.of());
    }

    /**
     * Logs in with a password that can be wiped: it is read, and not kept.
     *
     * @param institute as for {@link #login(String, String, String)}
     * @param username likewise
     * @param password likewise; the caller's to wipe
     * @param options as for {@link Client.Builder#option}
     * @return the token
     * @throws TestpressException of a class that tells why the login failed
     */
    public static Token login(String institute, String username, char[] password, Map<String, String> options) {
        try (Client client = Client.builder(institute).options(options).build()) {
            return client.login(username, password);
        }
    }

    /**
     * The version of the native library.
     *
     * @return such as {@code "0.1.0"}
     * @throws LibraryException when it can't be used
     */
    public static String libraryVersion() {
        LoadedLibrary.require();
        return NativeText.read(Functions.tp_version());
    }
}
