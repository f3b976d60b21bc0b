package in.testpress.okhttp;

import in.testpress.Token;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

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
 * <p>OkHttp ({@code com.squareup.okhttp3:okhttp-jvm}) is an optional dependency: add it yourself. Thread-safe.
 */
@SuppressWarnings("exports") // OkHttp's module is optional: who uses this class requires it.
public final class TokenInterceptor implements Interceptor {
    private static final String AUTHORIZATION = "Authorization";

    private final Supplier<Token> tokens;

    /**
     * An interceptor with one token.
     *
     * @param token what to send
     */
    public TokenInterceptor(Token token) {
        Objects.requireNonNull(token, "token");
        tokens = () -> token;
    }

    /**
     * An interceptor that asks for the token at each request, for programs that replace it now and then.
     *
     * @param tokens called by many threads at once
     */
    public TokenInterceptor(Supplier<Token> tokens) {
        this.tokens = Objects.requireNonNull(tokens, "tokens");
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        return chain.proceed(authorized(chain.request()));
    }

    private Request authorized(Request request) {
        Token token = tokens.get();
        if (request.header(AUTHORIZATION) != null || !token.isFor(request.url().uri())) {
            return request;
        }
        return request.newBuilder().header(AUTHORIZATION, token.authorization()).build();
    }
}
