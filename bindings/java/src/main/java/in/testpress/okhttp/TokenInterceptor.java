package in.testpress.okhttp;

import in.testpress.Session;
import in.testpress.TestpressException;
import in.testpress.Token;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import okhttp3.Authenticator;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.Route;

/**
 * Adds the {@code Authorization} header to OkHttp's requests to the token's origin, and to no other.
 *
 * <pre>{@code
 * OkHttpClient http = new OkHttpClient.Builder()
 *         .addNetworkInterceptor(new TokenInterceptor(token))
 *         .build();
 * }</pre>
 *
 * <p>As a <i>network</i> interceptor it is asked anew for each redirect, so that the header goes to the origin again when
 * a redirect leads back there. As an application interceptor ({@code addInterceptor}) it is asked once, and OkHttp takes
 * the header away on the first redirect to another origin. A request that has the header already keeps its own.
 *
 * <p>With a {@link Session} it asks for the token at each request that may have it. Make it the client's authenticator,
 * too, and when the token's origin answers 401, the token is rejected and the request sent once more with a new one, if its
 * body can be. The second answer is the caller's, whatever it is; if it is 401, that token is rejected, too. When no token
 * can be had, for the first request or after a 401, there is an {@link IOException} whose cause, the {@link
 * TestpressException}, says why:
 *
 * <pre>{@code
 * TokenInterceptor tokens = new TokenInterceptor(session);
 * OkHttpClient http = new OkHttpClient.Builder()
 *         .addNetworkInterceptor(tokens)
 *         .authenticator(tokens)
 *         .build();
 * }</pre>
 *
 * <p>OkHttp ({@code com.squareup.okhttp3:okhttp-jvm}) is an optional dependency: add it yourself. Thread-safe.
 */
@SuppressWarnings("exports") // OkHttp's module is optional: who uses this class requires it.
public final class TokenInterceptor implements Interceptor, Authenticator {
    private static final String AUTHORIZATION = "Authorization";

    /** Null when the tokens are of a session. */
    private final Supplier<Token> tokens;
    /** Null when the tokens are someone else's to replace. */
    private final Session session;

    /**
     * An interceptor with one token.
     *
     * @param token what to send
     */
    public TokenInterceptor(Token token) {
        this(() -> token, null);
        Objects.requireNonNull(token, "token");
    }

    /**
     * An interceptor that asks for the token at each request, for programs that replace it now and then.
     *
     * @param tokens called by many threads at once
     */
    public TokenInterceptor(Supplier<Token> tokens) {
        this(Objects.requireNonNull(tokens, "tokens"), null);
    }

    /**
     * An interceptor, and an authenticator, that asks the session for the token at each request.
     *
     * @param session not closed before the last request has ended
     */
    public TokenInterceptor(Session session) {
        this(null, Objects.requireNonNull(session, "session"));
    }

    private TokenInterceptor(Supplier<Token> tokens, Session session) {
        this.tokens = tokens;
        this.session = session;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        return chain.proceed(request.header(AUTHORIZATION) == null ? authorized(request) : request);
    }

    private Request authorized(Request request) throws IOException {
        if (session != null && !session.isFor(request.url().uri())) {
            return request;
        }
        Token token = session == null ? tokens.get() : sessionToken();
        if (!token.isFor(request.url().uri())) {
            return request;
        }
        return request.newBuilder()
                .header(AUTHORIZATION, token.authorization())
                .tag(Sent.class, new Sent(token))
                .build();
    }

    /** What is no {@link IOException} would end the thread of a call that was enqueued. */
    private Token sessionToken() throws IOException {
        try {
            return session.token();
        } catch (TestpressException | IllegalStateException e) {
            throw new IOException("there is no token for the request: " + e.getMessage(), e);
        }
    }

    /**
     * Answers a 401 of the token's origin with the request once more, and a new token. Without a session, with nothing.
     */
    @Override
    public Request authenticate(Route route, Response response) throws IOException {
        Sent sent = sentWith(response);
        if (session == null || sent == null || response.code() != 401) {
            return null;
        }
        tell(sent.token);
        Request request = response.request();
        if (isSecond(response) || isForOnce(request.body())) {
            return null;
        }
        // A network interceptor is asked again, an application interceptor is not.
        return request.tag(Sent.class) == null ? request : authorized(request);
    }

    private void tell(Token refused) {
        try {
            session.reject(refused);
        } catch (IllegalStateException closed) {
            // Meanwhile; the answer may still be the caller's.
        }
    }

    /** OkHttp would not send it again: there is no use in a token for it. */
    private static boolean isForOnce(RequestBody body) {
        return body != null && body.isOneShot();
    }

    /** Null when the request had no header of ours. OkHttp takes it away on some redirects, and leaves the tag. */
    private static Sent sentWith(Response response) {
        Response network = response.networkResponse();
        Sent sent = network == null ? null : network.request().tag(Sent.class);
        boolean had = sent != null
                && sent.token.authorization().equals(network.request().header(AUTHORIZATION));
        return had ? sent : null;
    }

    private static boolean isSecond(Response response) {
        for (Response prior = response.priorResponse(); prior != null; prior = prior.priorResponse()) {
            if (prior.code() == 401) {
                return true;
            }
        }
        return false;
    }

    /** What a request was sent with. */
    private static final class Sent {
        private final Token token;

        Sent(Token token) {
            this.token = token;
        }
    }
}
