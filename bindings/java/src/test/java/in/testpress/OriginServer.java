package in.testpress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server of one origin, which redirects as told, and keeps what it was sent. */
public final class OriginServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Redirect> redirects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private record Redirect(int status, String location) {}

    /** A server on a free port. */
    public OriginServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(
                exchange.getRequestMethod() + " " + path + " " + authorization + (body.isEmpty() ? "" : " " + body));
        Redirect redirect = redirects.get(path);
        if (redirect != null) {
            exchange.getResponseHeaders().set("Location", redirect.location());
        }
        byte[] answer = "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(redirect == null ? 200 : redirect.status(), answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
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
    public void redirect(String path, int status, String location) {
        redirects.put(path, new Redirect(status, location));
    }

    /** Method, path, Authorization header (or {@code null}) and body, request by request. */
    public List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
