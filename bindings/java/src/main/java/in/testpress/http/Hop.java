package in.testpress.http;

import in.testpress.Token;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Optional;

/** One request on the way through redirects and, where there is a session, a second try with a new token. */
final class Hop {
    static final String AUTHORIZATION = "Authorization";

    private final HttpRequest request;
    /** Whose header it has; null when it has none, or one of its own. */
    private final Token token;

    private final int redirectsLeft;
    private final int renewalsLeft;

    Hop(HttpRequest request, Token token, int redirectsLeft, int renewalsLeft) {
        this.request = request;
        this.token = token;
        this.redirectsLeft = redirectsLeft;
        this.renewalsLeft = renewalsLeft;
    }

    HttpRequest request() {
        return request;
    }

    Token token() {
        return token;
    }

    /** Whether a token is to be asked for at all. */
    boolean takesTokenOf(TokenSource tokens) {
        return request.headers().firstValue(AUTHORIZATION).isEmpty() && tokens.isFor(request.uri());
    }

    /** The same with the token's header, if it may have it. */
    Hop with(Token given) {
        if (!given.isFor(request.uri())) {
            return this;
        }
        HttpRequest authorized = copy(request.uri(), request.method(), body())
                .header(AUTHORIZATION, given.authorization())
                .build();
        return new Hop(authorized, given, redirectsLeft, renewalsLeft);
    }

    /** Whether the answer says that the token is none any more. */
    boolean isRefused(int status) {
        return status == 401 && token != null;
    }

    /** The body of an answer that is not the last is nobody's; it is null. */
    <T> BodyHandler<T> unlessFollowed(BodyHandler<T> bodies) {
        return info -> next(info.statusCode(), info.headers()).isPresent()
                ? BodySubscribers.replacing(null)
                : bodies.apply(info);
    }

    /** Where the answer leads; empty when it is the last. */
    Optional<Hop> next(int status, HttpHeaders headers) {
        if (isRefused(status)) {
            return renewalsLeft > 0 && canBeRepeated() ? Optional.of(repeated()) : Optional.empty();
        }
        return isRedirect(status) && redirectsLeft > 0
                ? headers.firstValue("Location")
                        .filter(to -> !to.isBlank())
                        .flatMap(this::resolve)
                        .map(address -> redirected(status, address))
                : Optional.empty();
    }

    /** A body of unknown length may be a stream that is at its end; the client itself finds out about the others. */
    private boolean canBeRepeated() {
        return body().contentLength() >= 0;
    }

    private Hop repeated() {
        HttpRequest bare = copy(request.uri(), request.method(), body()).build();
        return new Hop(bare, null, redirectsLeft, renewalsLeft - 1);
    }

    private static boolean isRedirect(int status) {
        return (status >= 301 && status <= 303) || status == 307 || status == 308;
    }

    /** Empty for what is no address, and for a step down from https. */
    private Optional<URI> resolve(String location) {
        try {
            URI address = request.uri().resolve(location);
            boolean allowed = "https".equalsIgnoreCase(address.getScheme())
                    || ("http".equalsIgnoreCase(address.getScheme())
                            && "http".equalsIgnoreCase(request.uri().getScheme()));
            return allowed && address.getHost() != null ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    /** As browsers do: a POST becomes a GET, except for 307 and 308. */
    private Hop redirected(int status, URI address) {
        boolean becomesGet = status == 303 || (status < 303 && request.method().equals("POST"));
        HttpRequest.Builder next =
                becomesGet ? copy(address, "GET", BodyPublishers.noBody()) : copy(address, request.method(), body());
        return new Hop(next.build(), null, redirectsLeft - 1, renewalsLeft);
    }

    private BodyPublisher body() {
        return request.bodyPublisher().orElseGet(BodyPublishers::noBody);
    }

    /** Everything but the header, which is decided anew for each address. */
    private HttpRequest.Builder copy(URI address, String method, BodyPublisher body) {
        HttpRequest.Builder copy =
                HttpRequest.newBuilder(address).method(method, body).expectContinue(request.expectContinue());
        request.timeout().ifPresent(copy::timeout);
        request.version().ifPresent(copy::version);
        request.headers().map().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(AUTHORIZATION)) {
                values.forEach(value -> copy.header(name, value));
            }
        });
        return copy;
    }
}
