package in.testpress.http;

import in.testpress.Session;
import in.testpress.Token;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Sends requests of {@link HttpClient} with the {@code Authorization} header where they go to the token's origin.
 *
 * <pre>{@code
 * TokenHttp http = new TokenHttp(HttpClient.newHttpClient(), token);
 * HttpResponse<String> me = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
 * }</pre>
 *
 * <p>{@code HttpClient} repeats a request's headers when it follows a redirect, on some JDKs (17 is one) to whatever
 * host. So this follows redirects itself (as {@link Redirect#NORMAL} does: never from https to http, and five at most),
 * decides on the header anew each time, and takes only clients that follow none. Thread-safe.
 *
 * <p>With a {@link Session} it asks for the token at each request that may have it. When the token's origin answers 401,
 * it rejects the token and sends the request once more with a new one. What comes then is the answer, whatever it is; if
 * it is 401, that token is rejected, too. When no token can be had, for the first request or after a 401, what {@link
 * Session#token()} throws is thrown. A request whose body has no known length ({@code BodyPublishers.ofInputStream}) may not have it twice, and is not
 * repeated; the next one has a new token.
 *
 * <p>Without redirects, which is {@code HttpClient}'s default, {@link #authorize} is all that is needed.
 */
public final class TokenHttp {
    private static final int MOST_REDIRECTS = 5;

    private final HttpClient client;
    private final TokenSource tokens;

    /**
     * Sends one token.
     *
     * @param client one that follows no redirects: {@link Redirect#NEVER}, the default
     * @param token what to send
     * @throws IllegalArgumentException when the client follows redirects
     */
    public TokenHttp(HttpClient client, Token token) {
        this(client, TokenSource.fixed(token));
    }

    /**
     * Asks the session for the token at each request, and renews it when the server answers 401.
     *
     * @param client one that follows no redirects: {@link Redirect#NEVER}, the default
     * @param session not closed before the last request has ended
     * @throws IllegalArgumentException when the client follows redirects
     */
    public TokenHttp(HttpClient client, Session session) {
        this(client, new SessionTokens(session));
    }

    /**
     * Asks for the token at each request, for programs that replace it now and then.
     *
     * @param client one that follows no redirects: {@link Redirect#NEVER}, the default
     * @param tokens called by many threads at once
     * @throws IllegalArgumentException when the client follows redirects
     */
    public TokenHttp(HttpClient client, Supplier<Token> tokens) {
        this(client, TokenSource.supplied(tokens));
    }

    private TokenHttp(HttpClient client, TokenSource tokens) {
        if (client.followRedirects() != Redirect.NEVER) {
            throw new IllegalArgumentException("the HTTP client follows redirects by itself, and would take the"
                    + " Authorization header along to other hosts: build it with followRedirects(Redirect.NEVER)");
        }
        this.client = client;
        this.tokens = tokens;
    }

    /**
     * Sets the header of a request that is being built, if it goes to the token's origin. For clients that follow no
     * redirects: others take the header along to other hosts.
     *
     * @param request a builder that has its address
     * @param token what to send
     * @return the same builder
     * @throws IllegalStateException when the builder has no address yet
     */
    public static HttpRequest.Builder authorize(HttpRequest.Builder request, Token token) {
        return token.isFor(request.copy().build().uri())
                ? request.setHeader(Hop.AUTHORIZATION, token.authorization())
                : request;
    }

    /**
     * Sends a request, and waits for its answer. A request that has the header already keeps its own until it is
     * redirected. Where there is a session, and it has no token to give, for the first request or after a 401, what {@link
     * Session#token()} throws is thrown.
     *
     * @param <T> what the body becomes
     * @param request to any address
     * @param bodies what to make of the body of the last answer
     * @return the answer, after redirects
     * @throws IOException as {@link HttpClient#send} does
     * @throws InterruptedException likewise
     */
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> bodies)
            throws IOException, InterruptedException {
        Hop hop = first(request);
        while (true) {
            Hop sent = hop.takesTokenOf(tokens) ? hop.with(tokens.token()) : hop;
            HttpResponse<T> answer = client.send(sent.request(), sent.unlessFollowed(bodies));
            Optional<Hop> next = follow(sent, answer);
            if (next.isEmpty()) {
                return answer;
            }
            hop = next.get();
        }
    }

    /**
     * Sends a request without blocking. Otherwise as {@link #send}, with every failure in the future; cancelling that does
     * not end the exchange.
     *
     * @param <T> what the body becomes
     * @param request to any address
     * @param bodies what to make of the body of the last answer
     * @return completes as {@link HttpClient#sendAsync(HttpRequest, BodyHandler)} does
     */
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> bodies) {
        return sendAsync(first(request), bodies);
    }

    private <T> CompletableFuture<HttpResponse<T>> sendAsync(Hop hop, BodyHandler<T> bodies) {
        CompletableFuture<Hop> ready = hop.takesTokenOf(tokens)
                ? tokens.tokenAsync().thenApply(hop::with)
                : CompletableFuture.completedFuture(hop);
        return ready.thenCompose(sent -> client.sendAsync(sent.request(), sent.unlessFollowed(bodies))
                .thenCompose(answer -> follow(sent, answer)
                        .map(next -> sendAsync(next, bodies))
                        .orElseGet(() -> CompletableFuture.completedFuture(answer))));
    }

    private Hop first(HttpRequest request) {
        return new Hop(request, null, MOST_REDIRECTS, tokens.renewals());
    }

    private Optional<Hop> follow(Hop sent, HttpResponse<?> answer) {
        if (sent.isRefused(answer.statusCode())) {
            tokens.reject(sent.token());
        }
        return sent.next(answer.statusCode(), answer.headers());
    }
}
