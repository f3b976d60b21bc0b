package in.testpress.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import in.testpress.LoginServer;
import in.testpress.RejectedException;
import in.testpress.Session;
import in.testpress.SessionAndTwoServers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OkHttp with a session: a 401 is answered with a new token, once. */
class SessionInterceptorTest extends SessionAndTwoServers {
    private static OkHttpClient http(boolean asNetworkInterceptor, Session session) {
        TokenInterceptor tokens = new TokenInterceptor(session);
        OkHttpClient.Builder builder = new OkHttpClient.Builder().authenticator(tokens);
        return (asNetworkInterceptor ? builder.addNetworkInterceptor(tokens) : builder.addInterceptor(tokens)).build();
    }

    private OkHttpClient http() {
        return http(true, session);
    }

    private static String send(OkHttpClient http, Request request) throws IOException {
        try (Response response = http.newCall(request).execute()) {
            assertFalse(response.request().toString().contains("token-"), "a secret is in a text");
            return response.code() + " " + response.body().string();
        } finally {
            http.connectionPool().evictAll();
        }
    }

    /** How a call ends that runs on one of OkHttp's threads, which no other kind of exception may reach. */
    private static IOException failureOf(OkHttpClient http, Request request) throws Exception {
        CompletableFuture<IOException> told = new CompletableFuture<>();
        http.newCall(request).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                told.complete(failure);
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
                told.completeExceptionally(new AssertionError("it was answered with " + response.code()));
            }
        });
        return told.get(60, TimeUnit.SECONDS);
    }

    private static Request get(LoginServer server, String path) {
        return new Request.Builder().url(server.origin() + path).build();
    }

    private static Request post(LoginServer server, RequestBody body) {
        return new Request.Builder().url(server.origin() + "/form").post(body).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsTokenGoesToItsOriginAndToNoOther(boolean asNetworkInterceptor) throws IOException {
        OkHttpClient http = http(asNetworkInterceptor, session);
        assertEquals("401 who are you?", send(http, get(elsewhere, "/trap")));
        assertEquals(0, home.logins(), "nobody needs a token there");
        assertEquals("200 hello", send(http, get(home, "/me")));
        assertEquals(List.of("GET /me JWT token-1"), home.requests());
        assertEquals(List.of("GET /trap null"), elsewhere.requests());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenThatIsNoneAnyMoreIsReplaced(boolean asNetworkInterceptor) throws IOException {
        session.token();
        home.withdraw();
        RequestBody body = RequestBody.create("body", MediaType.get("text/plain"));
        assertEquals("200 hello", send(http(asNetworkInterceptor, session), post(home, body)));
        assertEquals(List.of("POST /form JWT token-1 body", "POST /form JWT token-2 body"), home.requests());
        assertEquals(2, home.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSecondAnswerIsTheCallersAndTheSessions(boolean asNetworkInterceptor) throws IOException {
        home.acceptNone();
        assertEquals("401 who are you?", send(http(asNetworkInterceptor, session), get(home, "/me")));
        assertEquals(List.of("GET /me JWT token-1", "GET /me JWT token-2"), home.requests());
        assertEquals(2, home.logins());
        assertEquals("401 who are you?", send(http(asNetworkInterceptor, session), get(home, "/me")));
        assertEquals("GET /me JWT token-2", home.requests().get(2), "the newest is kept");
        assertEquals(2, home.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whyA401BroughtNoNewTokenIsTheCauseOfTheFailure(boolean asNetworkInterceptor) {
        session.token();
        home.withdraw();
        home.refuseLogins();
        OkHttpClient http = http(asNetworkInterceptor, session);
        Call call = http.newCall(get(home, "/me"));
        IOException thrown =
                assertThrows(IOException.class, () -> call.execute().close());
        assertInstanceOf(RejectedException.class, thrown.getCause());
        assertEquals(List.of("GET /me JWT token-1"), home.requests());
        assertEquals(2, home.logins());
        assertEquals(
                http.connectionPool().connectionCount(), http.connectionPool().idleConnectionCount());
        http.connectionPool().evictAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionThatWasClosedBeforeThe401IsTheCause(boolean asNetworkInterceptor) throws Exception {
        session.token();
        home.withdraw();
        home.beforeAPage(session::close);
        OkHttpClient http = http(asNetworkInterceptor, session);
        IOException failure = failureOf(http, get(home, "/me"));
        assertEquals("there is no token for the request: the session is closed", failure.getMessage());
        assertInstanceOf(IllegalStateException.class, failure.getCause());
        assertEquals(List.of("GET /me JWT token-1"), home.requests());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatCanBeSentOnceIsSentOnce(boolean asNetworkInterceptor) throws IOException {
        session.token();
        home.withdraw();
        OkHttpClient http = http(asNetworkInterceptor, session);
        assertEquals("401 who are you?", send(http, post(home, onceOnly())));
        assertEquals(1, home.logins(), "nobody needs a token yet");
        assertEquals("200 hello", send(http, get(home, "/me")));
        assertEquals(List.of("POST /form JWT token-1 once", "GET /me JWT token-2"), home.requests());
    }

    private static RequestBody onceOnly() {
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("once");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the401OfAnotherOriginSaysNothingOfTheToken(boolean asNetworkInterceptor) throws IOException {
        home.redirect("/away", elsewhere.origin() + "/trap");
        assertEquals("401 who are you?", send(http(asNetworkInterceptor, session), get(home, "/away")));
        assertEquals(List.of("GET /away JWT token-1"), home.requests());
        assertEquals(List.of("GET /trap null"), elsewhere.requests());
        assertEquals(1, home.logins());
        session.token();
        assertEquals(1, home.logins());
    }

    @Test
    void aRedirectThatLeadsBackIsReplacedThere() throws IOException {
        session.token();
        home.withdraw();
        elsewhere.redirect("/back", home.origin() + "/me");
        assertEquals("200 hello", send(http(), get(elsewhere, "/back")));
        assertEquals(List.of("GET /back null"), elsewhere.requests());
        assertEquals(List.of("GET /me JWT token-1", "GET /me JWT token-2"), home.requests());
    }

    @Test
    void aHeaderOfTheRequestsOwnIsItsOwn() throws IOException {
        Request request = get(home, "/me")
                .newBuilder()
                .header("Authorization", "Basic eDp5")
                .build();
        assertEquals("401 who are you?", send(http(), request));
        assertEquals(List.of("GET /me Basic eDp5"), home.requests());
        assertEquals(0, home.logins());
    }

    @Test
    void withoutASessionThereIsNoSecondToken() throws IOException {
        TokenInterceptor fixed = new TokenInterceptor(session.token());
        home.withdraw();
        OkHttpClient http = new OkHttpClient.Builder()
                .addNetworkInterceptor(fixed)
                .authenticator(fixed)
                .build();
        assertEquals("401 who are you?", send(http, get(home, "/me")));
        assertEquals(1, home.requests().size());
        assertEquals(1, home.logins());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whyThereIsNoTokenIsTheCauseOfTheFailure(boolean asNetworkInterceptor) throws Exception {
        home.refuseLogins();
        OkHttpClient http = http(asNetworkInterceptor, session);
        assertEquals("401 who are you?", send(http, get(elsewhere, "/me")));
        IOException thrown = assertThrows(IOException.class, () -> send(http, get(home, "/me")));
        assertInstanceOf(RejectedException.class, thrown.getCause());
        assertInstanceOf(
                RejectedException.class, failureOf(http, get(home, "/me")).getCause());
        assertEquals(List.of(), home.requests());
    }

    @Test
    void aClosedSessionIsACauseToo() throws IOException {
        session.close();
        IOException thrown = assertThrows(IOException.class, () -> send(http(), get(home, "/me")));
        assertInstanceOf(IllegalStateException.class, thrown.getCause());
    }
}
