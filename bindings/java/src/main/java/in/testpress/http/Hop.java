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

/** One request on the way through redirects. */
final class Hop {
    static final String AUTHORIZATION = "Authorization";

    private final HttpRequest request;
    private final int redirectsLeft;

    Hop(HttpRequest request, int redirectsLeft) {
        this.request = request;
        this.redirectsLeft = redirectsLeft;
    }

    /** The request with the header, if it may have it and has none of its own. */
    HttpRequest authorized(Token token) {
        if (request.headers().firstValue(AUTHORIZATION).isPresent() || !token.isFor(request.uri())) {
            return request;
        }
        return copy(request.uri(), request.method(), body())
                .header(AUTHORIZATION, token.authorization())
                .build();
    }

    /** The body of an answer that is a redirect to follow is nobody's; it is null. */
    <T> BodyHandler<T> unlessRedirected(BodyHandler<T> bodies) {
        return info -> next(info.statusCode(), info.headers()).isPresent()
                ? BodySubscribers.replacing(null)
                : bodies.apply(info);
    }

    /** Where the answer leads; empty when it is the last. */
    Optional<Hop> next(int status, HttpHeaders headers) {
        return isRedirect(status) && redirectsLeft > 0
                ? headers.firstValue("Location")
                        .filter(to -> !to.isBlank())
                        .flatMap(this::resolve)
                        .map(address -> redirected(status, address))
                : Optional.empty();
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
        return new Hop(next.build(), redirectsLeft - 1);
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
