package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One login for all who want a token. */
class SessionTest {
    private LoginServer server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        server = new LoginServer();
        client = Client.of(server.origin());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aRealInstituteLogsIn() {
        try (Client institute = Client.of(Surroundings.institute());
                Session session = new Session(institute, "unicode", "clé-é-🔑".toCharArray())) {
            assertEquals(Optional.of("unicode"), session.token().username());
            assertEquals(session.token().authorization(), session.authorization());
            assertEquals(institute.origin(), session.origin());
            assertTrue(session.isFor(institute.origin().resolve("/api/v2.2/me/")));
            assertFalse(session.isFor(URI.create("https://localhost.evil.example/")));
        }
    }

    @Test
    void manyThreadsMakeOneLogin() throws Throwable {
        try (Session session = new Session(client, "ada", "lovelace")) {
            assertEquals(0, server.logins(), "nothing is sent before a token is asked for");
            server.hold();
            CountDownLatch asking = new CountDownLatch(64);
            List<CompletableFuture<Token>> answers = new ArrayList<>();
            for (int thread = 0; thread < 64; thread++) {
                CompletableFuture<Token> answer = new CompletableFuture<>();
                answers.add(answer);
                new Thread(() -> {
                            asking.countDown();
                            answer.complete(session.token());
                        })
                        .start();
            }
            asking.await();
            server.awaitLogins(1);
            server.letGo();
            for (CompletableFuture<Token> answer : answers) {
                assertEquals("token-1", Unwrapped.get(answer).jwt());
            }
            assertEquals(1, server.logins());
        }
    }

    @Test
    void sessionsWithTheSameCredentialsShareTheirToken() {
        try (Session first = new Session(client, "ada", "lovelace");
                Client another = Client.of(server.origin());
                Session second = new Session(another, "ada", "lovelace".toCharArray());
                Session other = new Session(client, "ada", "byron")) {
            assertEquals("token-1", first.token().jwt());
            assertEquals("token-1", second.token().jwt());
            assertEquals("token-2", other.token().jwt());
            assertEquals(2, server.logins());
        }
    }

    @Test
    void aRejectedTokenIsReplacedOnce() throws Throwable {
        try (Session session = new Session(client, "ada", "lovelace")) {
            Token rejected = session.token();
            List<CompletableFuture<Token>> answers = new ArrayList<>();
            for (int thread = 0; thread < 20; thread++) {
                answers.add(CompletableFuture.supplyAsync(() -> {
                    session.reject(rejected);
                    return session.token();
                }));
            }
            for (CompletableFuture<Token> answer : answers) {
                assertEquals("token-2", Unwrapped.get(answer).jwt());
            }
            session.reject(rejected);
            session.reject(Token.fromJwt(server.origin(), "of-another-session"));
            assertEquals("token-2", session.token().jwt());
            assertEquals(2, server.logins());
        }
    }

    @Test
    void afterTwoRejectedTokensTheNewestIsKept() {
        try (Session session = new Session(client, "ada", "lovelace")) {
            session.reject(session.token());
            for (int time = 0; time < 3; time++) {
                session.reject(session.token());
                assertEquals("token-2", session.token().jwt());
            }
            assertEquals(2, server.logins());
        }
    }

    @Test
    void refusedCredentialsBackOffAndAnExplicitLoginIsSent() {
        try (Client institute = Client.of(Surroundings.institute());
                Session session = new Session(institute, "testpress", "wrong")) {
            RejectedException first = assertThrows(RejectedException.class, session::token);
            assertTrue(first.requestSent());
            RejectedException again = assertThrows(RejectedException.class, session::token);
            assertFalse(again.requestSent());
            assertEquals(first.serverMessage(), again.serverMessage());
            Duration wait = again.retryAfter().orElseThrow();
            assertTrue(wait.toSeconds() > 0 && wait.toSeconds() <= 60, wait.toString());
            assertThrows(RejectedException.class, () -> institute.login("testpress", "wrong"));
        }
    }

    @Test
    void throttledOnesBackOffAsLongAsTheServerSays() {
        try (Client throttled = Surroundings.faultClient("throttled").build();
                Session session = new Session(throttled, "ada", "lovelace")) {
            assertTrue(assertThrows(ThrottledException.class, session::token).requestSent());
            assertFalse(assertThrows(ThrottledException.class, session::token).requestSent());
        }
    }

    @Test
    void aTokenIsRenewedInTime() throws InterruptedException {
        try (Client shortLived = Surroundings.faultClient("lives-2s").build();
                Session session = new Session(shortLived, "ada", "lovelace")) {
            Set<String> tokens = new HashSet<>();
            long start = System.nanoTime();
            while (tokens.size() < 3) {
                Token token = session.token();
                tokens.add(token.jwt());
                assertFalse(token.expiresIn().orElseThrow().isNegative(), "it had expired already");
                assertTrue(System.nanoTime() - start < 60_000_000_000L, "it was never renewed");
                Thread.sleep(5);
            }
        }
    }

    @Test
    void noTextHasASecret() {
        String password = "s3cret-canary";
        StringWriter texts = new StringWriter();
        for (String fault : List.of("ok", "echoes-request", "silent-after-request")) {
            try (Client logged = Surroundings.faultClient(fault)
                            .option("timeout_ms", "500")
                            .log(System.Logger.Level.DEBUG, (level, text) -> texts.write(text))
                            .build();
                    Session session = new Session(logged, "ada", password)) {
                texts.write(session.toString());
                Token token = session.token();
                session.reject(token);
                assertFalse(texts.toString().contains(token.jwt()), texts.toString());
            } catch (TestpressException e) {
                e.printStackTrace(new PrintWriter(texts));
            }
        }
        assertTrue(texts.toString().contains("TimeoutException"), texts.toString());
        assertFalse(texts.toString().contains(password), texts.toString());
    }

    @Test
    void badCredentialsAreRefusedAtOnce() {
        assertRefused("username", () -> new Session(client, "", "x"));
        assertRefused("password", () -> new Session(client, "ada", ""));
        assertRefused("username", () -> new Session(client, "a\0b", "x"));
        assertRefused("password", () -> new Session(client, "ada", new char[] {'\ud83d'}));
    }

    private static void assertRefused(String argument, org.junit.jupiter.api.function.Executable call) {
        InvalidArgumentException refused = assertThrows(InvalidArgumentException.class, call);
        assertTrue(refused.getMessage().contains(argument), refused.getMessage());
    }

    @Test
    void nullIsRefusedByName() {
        assertNull("client", () -> new Session(null, "ada", "lovelace"));
        assertNull("username", () -> new Session(client, null, "lovelace"));
        assertNull("password", () -> new Session(client, "ada", (String) null));
        assertNull("password", () -> new Session(client, "ada", (char[]) null));
        try (Session session = new Session(client, "ada", "lovelace")) {
            assertNull("call", () -> session.token(null));
            assertNull("call", () -> session.tokenAsync(null));
            assertNull("token", () -> session.reject(null));
        }
    }

    private static void assertNull(String argument, org.junit.jupiter.api.function.Executable call) {
        assertEquals(argument, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void anOptionThatIsWrongIsNamed() {
        for (String[] option : new String[][] {{"store", "nowhere"}, {"store", "file:here"}, {"expiry_leeway", "-1"}}) {
            assertRefused(
                    option[0],
                    () -> Client.builder("demo").option(option[0], option[1]).build());
        }
    }
}
