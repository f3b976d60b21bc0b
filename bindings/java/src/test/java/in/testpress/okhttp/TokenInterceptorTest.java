package in.testpress.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import in.testpress.OriginServer;
import in.testpress.Token;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OkHttp sends the header to the token's origin only: with real servers on two origins. */
class TokenInterceptorTest {
    private OriginServer home;
    private OriginServer elsewhere;
    private Token token;

    @BeforeEach
    void twoOrigins() throws IOException {
        home = new OriginServer();
        elsewhere = new OriginServer();
        token = Token.fromJwt(home.origin(), "abc");
    }

    @AfterEach
    void stop() {
        home.close();
        elsewhere.close();
    }

    private OkHttpClient asNetworkInterceptor() {
        return new OkHttpClient.Builder()
                .addNetworkInterceptor(new TokenInterceptor(token))
                .build();
    }

    private OkHttpClient asApplicationInterceptor() {
        return new OkHttpClient.Builder()
                .addInterceptor(new TokenInterceptor(token))
                .build();
    }

    private static void get(OkHttpClient http, String url) throws IOException {
        try (Response response =
                http.newCall(new Request.Builder().url(url).build()).execute()) {
            assertEquals(200, response.code());
        }
        http.connectionPool().evictAll();
    }

    @Test
    void theHeaderGoesToTheTokensOrigin() throws IOException {
        get(asNetworkInterceptor(), home.origin() + "/me");
        get(asApplicationInterceptor(), home.origin() + "/me");
        assertEquals(List.of("GET /me JWT abc", "GET /me JWT abc"), home.requests());
    }

    @Test
    void andToNoOther() throws IOException {
        get(asNetworkInterceptor(), elsewhere.origin() + "/me");
        get(asApplicationInterceptor(), elsewhere.origin() + "/me");
        // The same server by another name is another origin.
        get(asNetworkInterceptor(), home.origin().replace("127.0.0.1", "localhost") + "/me");
        assertEquals(List.of("GET /me null", "GET /me null"), elsewhere.requests());
        assertEquals(List.of("GET /me null"), home.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectToAnotherOriginLosesIt(int status) throws IOException {
        home.redirect("/away", status, elsewhere.origin() + "/trap");
        get(asNetworkInterceptor(), home.origin() + "/away");
        get(asApplicationInterceptor(), home.origin() + "/away");
        assertEquals(List.of("GET /away JWT abc", "GET /away JWT abc"), home.requests());
        assertEquals(List.of("GET /trap null", "GET /trap null"), elsewhere.requests());
    }

    @Test
    void aRedirectOnTheSameOriginKeepsIt() throws IOException {
        home.redirect("/old", 301, "/new");
        get(asNetworkInterceptor(), home.origin() + "/old");
        get(asApplicationInterceptor(), home.origin() + "/old");
        assertEquals(
                List.of("GET /old JWT abc", "GET /new JWT abc", "GET /old JWT abc", "GET /new JWT abc"),
                home.requests());
    }

    @Test
    void aRedirectThereAndBackHasItAtHomeOnly() throws IOException {
        home.redirect("/away", 302, elsewhere.origin() + "/back");
        elsewhere.redirect("/back", 302, home.origin() + "/me");
        get(asNetworkInterceptor(), home.origin() + "/away");
        assertEquals(List.of("GET /away JWT abc", "GET /me JWT abc"), home.requests());
        assertEquals(List.of("GET /back null"), elsewhere.requests());
    }

    @Test
    void aRequestKeepsAHeaderOfItsOwn() throws IOException {
        Request request = new Request.Builder()
                .url(home.origin() + "/me")
                .header("Authorization", "Basic eDp5")
                .build();
        asNetworkInterceptor().newCall(request).execute().close();
        assertEquals(List.of("GET /me Basic eDp5"), home.requests());
    }

    @Test
    void aTokenThatIsReplacedIsUsedAtOnce() throws IOException {
        AtomicReference<Token> current = new AtomicReference<>(token);
        OkHttpClient http = new OkHttpClient.Builder()
                .addNetworkInterceptor(new TokenInterceptor(current::get))
                .build();
        get(http, home.origin() + "/me");
        current.set(Token.fromJwt(home.origin(), "def"));
        get(http, home.origin() + "/me");
        assertEquals(List.of("GET /me JWT abc", "GET /me JWT def"), home.requests());
    }
}
