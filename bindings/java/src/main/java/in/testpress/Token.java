package in.testpress;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import in.testpress.internal.Functions;
import in.testpress.internal.Json;
import in.testpress.internal.LoadedLibrary;
import in.testpress.internal.NativeText;
import java.net.URI;
import java.nio.CharBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A login that succeeded: the {@code Authorization} header of every later request, and what the token says of itself.
 *
 * <p>Immutable, so it can be shared between threads, and needs no closing. It can't be serialized, and {@link
 * #toString()} shows no secret. Its texts are ordinary strings of the JVM, which can't be wiped: keep a token no longer
 * than it is needed.
 *
 * <p>The claims are what the token says. They are a hint and no proof: only the server can verify a token.
 */
public final class Token {
    // Transient for the sake of libraries that serialize any object by its fields: most leave these out.
    private final transient String header;
    private final transient String authorization;
    private final transient String jwt;
    private final transient String claims;

    private final URI origin;
    private final Instant expiresAt;
    private final String username;
    private final String email;
    private final long userId;

    private Token(Pointer token) {
        header = NativeText.read(Functions.tp_auth_header(token));
        authorization = NativeText.read(Functions.tp_auth_value(token));
        jwt = NativeText.read(Functions.tp_token_jwt(token));
        claims = NativeText.read(Functions.tp_token_claims(token));
        origin = URI.create(NativeText.read(Functions.tp_token_origin(token)));
        expiresAt = instant(Functions.tp_token_expires_at(token));
        username = NativeText.read(Functions.tp_token_username(token));
        email = NativeText.read(Functions.tp_token_email(token));
        userId = Functions.tp_token_user_id(token);
    }

    /** Null for 0. A time that Java can't express is as far away as it can. */
    private static Instant instant(long unixSeconds) {
        if (unixSeconds == 0) {
            return null;
        }
        long most = Instant.MAX.getEpochSecond();
        long least = Instant.MIN.getEpochSecond();
        return Instant.ofEpochSecond(Math.max(least, Math.min(most, unixSeconds)));
    }

    /** Copies a native token, and frees it. */
    static Token take(Pointer token) {
        try {
            return new Token(token);
        } finally {
            Functions.tp_token_free(token);
        }
    }

    /**
     * Makes a token from a JWT that was kept elsewhere. Nothing is sent, and nothing is verified: only the server can.
     *
     * @param institute where the token may go: a subdomain ({@code "demo"}), a domain or an https URL without a path
     * @param jwt 1 byte to 8 KiB of visible ASCII
     * @return the token
     * @throws InvalidArgumentException when an argument breaks a rule
     * @throws LibraryException when the native library can't be used
     */
    public static Token fromJwt(String institute, String jwt) {
        Objects.requireNonNull(institute, "institute");
        Objects.requireNonNull(jwt, "jwt");
        LoadedLibrary.require();
        return take(newNative(institute, jwt));
    }

    /** A native token, which is the caller's to free. */
    private static Pointer newNative(String institute, String jwt) {
        PointerByReference token = new PointerByReference();
        PointerByReference error = new PointerByReference();
        try (Argument instituteText = Argument.of("institute", CharBuffer.wrap(institute));
                Argument jwtText = Argument.of("jwt", CharBuffer.wrap(jwt))) {
            int status = Functions.tp_token_from_jwt(instituteText.pointer(), jwtText.pointer(), token, error);
            if (status != Status.OK) {
                throw Status.exception(ErrorDetails.take(status, error.getValue()));
            }
            return token.getValue();
        }
    }

    /** Passes a native copy of the token to an action, and frees it. */
    void lend(Consumer<Pointer> action) {
        Pointer token = newNative(origin.toString(), jwt);
        try {
            action.accept(token);
        } finally {
            Functions.tp_token_free(token);
        }
    }

    /**
     * The header's value, for HTTP clients that take name and value apart. A secret: send it to {@link #origin()} only,
     * and keep it out of logs.
     *
     * @return {@code "JWT eyJ…"}
     */
    public String authorization() {
        return authorization;
    }

    /**
     * The whole header line. A secret, as {@link #authorization()} is.
     *
     * @return {@code "Authorization: JWT eyJ…"}
     */
    public String header() {
        return header;
    }

    /**
     * The JWT alone. A secret, as {@link #authorization()} is.
     *
     * @return {@code "eyJ…"}
     */
    public String jwt() {
        return jwt;
    }

    /**
     * Where the header may go.
     *
     * @return scheme, host, and port if it is not the default, such as {@code https://demo.testpress.in}
     */
    public URI origin() {
        return origin;
    }

    /**
     * Whether the header may go to an address: whether its scheme, host and port are those of {@link #origin()}. Ask it
     * again after each redirect.
     *
     * @param address where a request goes
     * @return true when the header may go there
     */
    public boolean isFor(URI address) {
        return Origin.of(origin).equals(Origin.of(address));
    }

    /**
     * When the token expires (claim {@code exp}).
     *
     * @return empty when unknown
     */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /**
     * How long the token is valid, by this machine's clock.
     *
     * @return negative when it has expired, and empty when that is unknown
     */
    public Optional<Duration> expiresIn() {
        return expiresAt()
                .map(end ->
                        Duration.ofSeconds(end.getEpochSecond() - Instant.now().getEpochSecond()));
    }

    /**
     * The claim {@code username}.
     *
     * @return empty when absent
     */
    public Optional<String> username() {
        return Optional.ofNullable(username);
    }

    /**
     * The claim {@code user_id}.
     *
     * @return empty when absent
     */
    public OptionalLong userId() {
        return userId < 0 ? OptionalLong.empty() : OptionalLong.of(userId);
    }

    /**
     * The claim {@code email}.
     *
     * @return empty when absent
     */
    public Optional<String> email() {
        return Optional.ofNullable(email);
    }

    /**
     * All claims, unmodifiable.
     *
     * @return strings, {@link Long} (beyond 64 bits {@link java.math.BigInteger}), {@link Double}, {@link Boolean},
     *     lists, maps and null, by name; empty when the token has none that can be read
     */
    public Map<String, Object> claims() {
        return Json.object(claims);
    }

    @Override
    public String toString() {
        return "Token[origin=" + origin + ", expiresAt=" + expiresAt + "]";
    }
}
