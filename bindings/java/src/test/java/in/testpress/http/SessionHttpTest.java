package in.testpress.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import in.testpress.CancelledException;
import in.testpress.Client;
import in.testpress.ConnectException;
import in.testpress.LoginServer;
import in.testpress.RejectedException;
import in.testpress.Session;
import in.testpress.SessionAndTwoServers;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code java.net.http} with a session: a 401 is answered with a new token, once. */
class SessionHttpTest extends SessionAndTwoServers {
    private TokenHttp http;

    @BeforeEach
    void client() {
        http = new TokenHttp(HttpClient.newHttpClient(), session);
    }

    private static HttpRequest get(LoginServer server, String path) {
        return HttpRequest.newBuilder(server.address(path)).build();
    }

    private static HttpRequest post(LoginServer server, BodyPublisher body) {
        return HttpRequest.newBuilder(server.address("/form")).POST(body).build();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> sendAsync(HttpRequest request) throws Exception {
        return http.sendAsync(request, BodyHandlers.ofString()).get(60, TimeUnit.SECONDS);
    }

    @Test
    void itsTokenGoesToItsOriginAndToNoOther() throws Exception {
        assertEquals(401, send(get(elsewhere, "/trap")).statusCode());
        assertEquals(401, sendAsync(get(elsewhere, "/trap")).statusCode());
        assertEquals(0, home.logins(), "nobody needs a token there");
        assertEquals("hello", send(get(home, "/me")).body());
        assertEquals("hello", sendAsync(get(home, "/me")).body());
        assertEquals(List.of("GET /me JWT token-1", "GET /me JWT token-1"), home.requests());
        assertEquals(List.of("GET /trap null", "GET /trap null"), elsewhere.requests());
        assertEquals(1, home.logins());
    }

    @Test
    void aTokenThatIsNoneAnyMoreIsReplaced() throws Exception {
        send(get(home, "/me"));
        home.withdraw();
        assertEquals("hello", send(get(home, "/me")).body());
        assertEquals(List.of("GET /me JWT token-1", "GET /me JWT token-1", "GET /me JWT token-2"), home.requests());
    }

    @Test
    void soItIsWithoutBlocking() throws Exception {
        session.token();
        home.withdraw();
        assertEquals(
                "hello", sendAsync(post(home, BodyPublishers.ofString("body"))).body());
        assertEquals(List.of("POST /form JWT token-1 body", "POST /form JWT token-2 body"), home.requests());
        assertEquals(2, home.logins());
    }

    @Test
    void manyThreadsReplaceItOnce() throws Exception {
        session.token();
        home.withdraw();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int request = 0; request < 20; request++) {
            answers.add(http.sendAsync(get(home, "/me"), BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertEquals("hello", answer.get(60, TimeUnit.SECONDS).body());
        }
        assertEquals(2, home.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSecondAnswerIsTheCallersAndTheSessions(boolean waiting) throws Exception {
        home.acceptNone();
        HttpResponse<String> answer = waiting ? send(get(home, "/me")) : sendAsync(get(home, "/me"));
        assertEquals("401 who are you?", answer.statusCode() + " " + answer.body());
        assertEquals(List.of("GET /me JWT token-1", "GET /me JWT token-2"), home.requests());
        assertEquals(2, home.logins());
        assertEquals(401, send(get(home, "/me")).statusCode());
        assertEquals("GET /me JWT token-2", home.requests().get(2), "the newest is kept");
        assertEquals(2, home.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whyA401BroughtNoNewTokenIsThrown(boolean waiting) throws Exception {
        session.token();
        home.withdraw();
        home.refuseLogins();
        if (waiting) {
            assertThrows(RejectedException.class, () -> send(get(home, "/me")));
        } else {
            ExecutionException failure = assertThrows(ExecutionException.class, () -> sendAsync(get(home, "/me")));
            assertInstanceOf(RejectedException.class, failure.getCause());
        }
        assertEquals(List.of("GET /me JWT token-1"), home.requests());
        assertEquals(2, home.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionThatWasClosedBeforeThe401SaysSo(boolean waiting) throws Exception {
        session.token();
        home.withdraw();
        home.beforeAPage(session::close);
        if (waiting) {
            assertThrows(IllegalStateException.class, () -> send(get(home, "/me")));
        } else {
            CompletableFuture<?> answer = http.sendAsync(get(home, "/me"), BodyHandlers.discarding());
            ExecutionException failure = assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS));
            assertInstanceOf(IllegalStateException.class, failure.getCause());
        }
        assertEquals(List.of("GET /me JWT token-1"), home.requests());
    }

    @Test
    void aClosedSessionFailsInTheFuture() {
        session.close();
        CompletableFuture<?> answer = http.sendAsync(get(home, "/me"), BodyHandlers.discarding());
        ExecutionException failure = assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, failure.getCause());
    }

    @Test
    void aBodyThatCanBeSentOnceIsSentOnce() throws Exception {
        session.token();
        home.withdraw();
        ByteArrayInputStream stream = new ByteArrayInputStream("once".getBytes());
        HttpResponse<String> answer = send(post(home, BodyPublishers.ofInputStream(() -> stream)));
        assertEquals("401 who are you?", answer.statusCode() + " " + answer.body());
        assertEquals("hello", send(post(home, BodyPublishers.ofString("body"))).body());
        assertEquals(List.of("POST /form JWT token-1 once", "POST /form JWT token-2 body"), home.requests());
    }

    @Test
    void aRedirectToAnotherOriginLosesItsHeaderAlsoTheSecondTime() throws Exception {
        home.redirect("/away", elsewhere.origin() + "/trap");
        assertEquals(401, send(get(home, "/away")).statusCode());
        assertEquals(401, sendAsync(get(home, "/away")).statusCode());
        assertEquals(List.of("GET /trap null", "GET /trap null"), elsewhere.requests());
        assertEquals(1, home.logins(), "the 401 of another origin says nothing of the token");
    }

    @Test
    void aRedirectThatLeadsBackIsReplacedThere() throws Exception {
        session.token();
        home.withdraw();
        elsewhere.redirect("/back", home.origin() + "/me");
        assertEquals("hello", send(get(elsewhere, "/back")).body());
        assertEquals(List.of("GET /back null"), elsewhere.requests());
        assertEquals(List.of("GET /me JWT token-1", "GET /me JWT token-2"), home.requests());
    }

    @Test
    void aHeaderOfTheRequestsOwnIsItsOwn() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(home.address("/me"))
                .header("Authorization", "Basic eDp5")
                .build();
        assertEquals(401, send(request).statusCode());
        assertEquals(List.of("GET /me Basic eDp5"), home.requests());
        assertEquals(0, home.logins());
    }

    @Test
    void whyThereIsNoTokenIsThrown() throws Exception {
        try (Client dead = Client.of("http://127.0.0.1:1");
                Session none = new Session(dead, "ada", "lovelace")) {
            TokenHttp nobody = new TokenHttp(HttpClient.newHttpClient(), none);
            HttpRequest request = HttpRequest.newBuilder(dead.origin()).build();
            assertThrows(ConnectException.class, () -> nobody.send(request, BodyHandlers.discarding()));
            ExecutionException failure = assertThrows(
                    ExecutionException.class,
                    () -> nobody.sendAsync(request, BodyHandlers.discarding()).get(60, TimeUnit.SECONDS));
            assertInstanceOf(ConnectException.class, failure.getCause());
        }
    }

    @Test
    void anInterruptIsOneOfTheHttpClient() {
        home.hold();
        Thread.currentThread().interrupt();
        InterruptedException interrupted =
                assertThrows(InterruptedException.class, () -> http.send(get(home, "/me"), BodyHandlers.discarding()));
        assertInstanceOf(CancelledException.class, interrupted.getCause());
    }
}
