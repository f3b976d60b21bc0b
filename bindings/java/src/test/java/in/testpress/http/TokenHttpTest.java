package in.testpress.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import in.testpress.OriginServer;
import in.testpress.Token;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code java.net.http} sends the header to the token's origin only: with real servers on two origins. */
class TokenHttpTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private OriginServer home;
    private OriginServer elsewhere;
    private Token token;
    private TokenHttp http;

    @BeforeEach
    void twoOrigins() throws IOException {
        home = new OriginServer();
        elsewhere = new OriginServer();
        token = Token.fromJwt(home.origin(), "abc");
        http = new TokenHttp(client, token);
    }

    @AfterEach
    void stop() {
        home.close();
        elsewhere.close();
    }

    private HttpResponse<String> get(OriginServer server, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(server.address(path)).build(), BodyHandlers.ofString());
    }

    @Test
    void theHeaderGoesToTheTokensOriginAndToNoOther() throws Exception {
        assertEquals("hello", get(home, "/me").body());
        assertEquals("hello", get(elsewhere, "/me").body());
        assertEquals(List.of("GET /me JWT abc"), home.requests());
        assertEquals(List.of("GET /me null"), elsewhere.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectToAnotherOriginLosesIt(int status) throws Exception {
        home.redirect("/away", status, elsewhere.origin() + "/trap");
        assertEquals("hello", get(home, "/away").body());
        assertEquals(List.of("GET /away JWT abc"), home.requests());
        assertEquals(List.of("GET /trap null"), elsewhere.requests());
    }

    @Test
    void aRedirectThereAndBackHasItAtHomeOnly() throws Exception {
        home.redirect("/away", 302, elsewhere.origin() + "/back");
        elsewhere.redirect("/back", 302, home.origin() + "/me");
        HttpRequest request = HttpRequest.newBuilder(home.address("/away")).build();
        HttpResponse<String> answer =
                http.sendAsync(request, BodyHandlers.ofString()).get(60, TimeUnit.SECONDS);
        assertEquals(home.address("/me"), answer.uri());
        assertEquals("hello", answer.body());
        assertEquals(List.of("GET /away JWT abc", "GET /me JWT abc"), home.requests());
        assertEquals(List.of("GET /back null"), elsewhere.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 303})
    void aPostThatIsRedirectedBecomesAGet(int status) throws Exception {
        home.redirect("/form", status, "/result");
        post();
        assertEquals(List.of("POST /form JWT abc body", "GET /result JWT abc"), home.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void exceptWhereItMayNot(int status) throws Exception {
        home.redirect("/form", status, "/result");
        post();
        assertEquals(List.of("POST /form JWT abc body", "POST /result JWT abc body"), home.requests());
    }

    private void post() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(home.address("/form"))
                .POST(BodyPublishers.ofString("body"))
                .build();
        assertEquals(200, http.send(request, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void aLoopOfRedirectsEnds() throws Exception {
        home.redirect("/loop", 302, "/loop");
        HttpResponse<String> answer = get(home, "/loop");
        assertEquals(302, answer.statusCode());
        assertEquals("hello", answer.body());
        assertEquals(6, home.requests().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://", "http:// /", "mailto:a@b.c", "javascript:alert(1)", "ftp://127.0.0.1/"})
    void aRedirectToNowhereIsTheAnswer(String location) throws Exception {
        home.redirect("/odd", 302, location);
        assertEquals(302, get(home, "/odd").statusCode());
        assertEquals(1, home.requests().size());
    }

    @Test
    void aHeaderOfTheRequestsOwnStaysUntilARedirect() throws Exception {
        home.redirect("/away", 307, elsewhere.origin() + "/trap");
        HttpRequest request = HttpRequest.newBuilder(home.address("/away"))
                .header("authorization", "Basic eDp5")
                .build();
        http.send(request, BodyHandlers.discarding());
        assertEquals(List.of("GET /away Basic eDp5"), home.requests());
        assertEquals(List.of("GET /trap null"), elsewhere.requests());
    }

    @ParameterizedTest
    @EnumSource(
            value = Redirect.class,
            names = {"NORMAL", "ALWAYS"})
    void aClientThatFollowsRedirectsIsRefused(Redirect policy) {
        HttpClient follower = HttpClient.newBuilder().followRedirects(policy).build();
        assertThrows(IllegalArgumentException.class, () -> new TokenHttp(follower, token));
    }

    @Test
    void aRequestCanBeAuthorizedAlone() throws Exception {
        client.send(
                TokenHttp.authorize(HttpRequest.newBuilder(home.address("/me")), token)
                        .build(),
                BodyHandlers.discarding());
        client.send(
                TokenHttp.authorize(HttpRequest.newBuilder(elsewhere.address("/me")), token)
                        .build(),
                BodyHandlers.discarding());
        assertEquals(List.of("GET /me JWT abc"), home.requests());
        assertEquals(List.of("GET /me null"), elsewhere.requests());
        assertThrows(IllegalStateException.class, () -> TokenHttp.authorize(HttpRequest.newBuilder(), token));
    }
}
