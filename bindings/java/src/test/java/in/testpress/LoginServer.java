package in.testpress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real HTTP server that gives another token to every login (token-1, token-2, …), has pages for the last one only, and
 * keeps what it was sent.
 */
public final class LoginServer implements AutoCloseable {
    private static final String LOGIN = "/auth-token/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore open = new Semaphore(Integer.MAX_VALUE / 2);
    private volatile String accepted = "none";
    private volatile boolean acceptsTokens = true;
    private volatile boolean refusesLogins;
    private volatile Runnable beforeAPage = () -> {};

    /** A server on a free port. */
    public LoginServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (exchange.getRequestURI().getPath().endsWith(LOGIN)) {
                login(exchange);
            } else {
                page(exchange, body);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void login(HttpExchange exchange) throws IOException, InterruptedException {
        String token = "token-" + logins.incrementAndGet();
        arrived.release();
        open.acquire();
        open.release();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (refusesLogins) {
            send(exchange, 400, "{\"non_field_errors\":[\"no\"]}");
        } else {
            accepted = "JWT " + token;
            send(exchange, 200, "{\"token\":\"" + token + "\"}");
        }
    }

    private void page(HttpExchange exchange, String body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        beforeAPage.run();
        requests.add(
                exchange.getRequestMethod() + " " + path + " " + authorization + (body.isEmpty() ? "" : " " + body));
        String redirect = redirects.get(path);
        if (redirect != null) {
            exchange.getResponseHeaders().set("Location", redirect);
            send(exchange, 307, "away");
        } else if (acceptsTokens && accepted.equals(authorization)) {
            send(exchange, 200, "hello");
        } else {
            exchange.getResponseHeaders().set("WWW-Authenticate", "JWT realm=\"api\"");
            send(exchange, 401, "who are you?");
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Its origin. */
    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** An address on it. */
    public URI address(String path) {
        return URI.create(origin() + path);
    }

    /** Answers a path with a redirect. */
    public void redirect(String path, String location) {
        redirects.put(path, location);
    }

    /** Withdraws the tokens that were given so far. */
    public void withdraw() {
        accepted = "none";
    }

    /** Answers 401 to all tokens, new ones too. */
    public void acceptNone() {
        acceptsTokens = false;
    }

    /** Answers logins as if the password were wrong. */
    public void refuseLogins() {
        refusesLogins = true;
    }

    /** What happens between a request that is no login and its answer. */
    public void beforeAPage(Runnable action) {
        beforeAPage = action;
    }

    /** Logins have no answer from now on. */
    public void hold() {
        open.drainPermits();
    }

    /** All logins have their answer, also those that were held. */
    public void letGo() {
        open.release(Integer.MAX_VALUE / 2);
    }

    /** Waits until that many more logins have come. */
    public void awaitLogins(int count) throws InterruptedException {
        if (!arrived.tryAcquire(count, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("only " + arrived.availablePermits() + " of " + count + " logins arrived");
        }
    }

    /** How many logins have come. */
    public int logins() {
        return logins.get();
    }

    /** Method, path, Authorization header (or {@code null}) and body of what was no login, request by request. */
    public List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
