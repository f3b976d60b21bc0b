package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a session leaves when it is closed, what it keeps of its client, and its log. */
class SessionCloseTest {
    private static Session session(Client client) {
        return new Session(client, "ada", "lovelace");
    }

    @Test
    void aClosedSessionSaysSo() {
        try (Client client = Surroundings.faultClient("ok").build()) {
            Session session = session(client);
            Token token = session.token();
            session.close();
            session.close();
            assertThrows(IllegalStateException.class, session::token);
            assertThrows(IllegalStateException.class, session::tokenAsync);
            assertThrows(IllegalStateException.class, session::authorization);
            assertThrows(IllegalStateException.class, () -> session.reject(token));
            assertEquals("Session[" + client.origin() + "]", session.toString());
            assertTrue(token.header().startsWith("Authorization: JWT "));
        }
    }

    @Test
    void aSessionOutlivesItsClient() {
        Client client = Surroundings.faultClient("another-each-time").build();
        try (Session session = session(client)) {
            client.close();
            Token token = session.token();
            session.reject(token);
            assertFalse(session.token().jwt().equals(token.jwt()));
            assertThrows(IllegalStateException.class, () -> session(client));
        }
    }

    @Test
    void closingDoesNotWaitForALoginNorEndIt() throws Throwable {
        try (LoginServer server = new LoginServer();
                Client client = Client.of(server.origin())) {
            server.hold();
            Session session = session(client);
            CompletableFuture<Token> login = session.tokenAsync();
            server.awaitLogins(1);
            session.close();
            assertThrows(IllegalStateException.class, session::token);
            assertFalse(login.isDone());
            server.letGo();
            assertEquals("token-1", Unwrapped.get(login).jwt());
        }
    }

    @Test
    void closingNeverRacesWithACall() throws Throwable {
        try (Client client = Surroundings.faultClient("ok").build()) {
            String good = client.login("ada", "lovelace").jwt();
            Token other = Token.fromJwt(client.origin().toString(), "other");
            for (int round = 0; round < 60; round++) {
                Session session = session(client);
                List<CompletableFuture<Object>> calls = new ArrayList<>();
                for (int call = 0; call < 4; call++) {
                    calls.add(CompletableFuture.supplyAsync(() -> {
                        try {
                            session.reject(other);
                            return session.token().jwt();
                        } catch (IllegalStateException closed) {
                            return "closed";
                        }
                    }));
                }
                calls.add(CompletableFuture.supplyAsync(() -> {
                    session.close();
                    return "closed";
                }));
                for (CompletableFuture<Object> call : calls) {
                    assertTrue(List.of("closed", good).contains(Unwrapped.get(call)));
                }
            }
        }
    }

    @Test
    void aForgottenSessionIsClosedWithItsClient() throws InterruptedException {
        int before = openFiles();
        for (int session = 0; session < 20; session++) {
            // Each client keeps a connection for its session.
            session(Surroundings.faultClient("another-each-time").build()).token();
        }
        for (int tries = 0; tries < 100 && openFiles() > before + 5; tries++) {
            System.gc();
            Thread.sleep(50);
        }
        assertTrue(openFiles() <= before + 5, "connections of 20 forgotten sessions were kept: " + openFiles());
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void theReceiverOfTheLogLivesAsLongAsTheSession() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        try (Session session = logged(calls)) {
            for (int login = 0; login < 3; login++) {
                System.gc();
                int before = calls.get();
                // Until the back-off after the login before has ended.
                while (!assertThrows(ServerException.class, session::token).requestSent()) {
                    Thread.sleep(10);
                }
                assertTrue(calls.get() > before);
            }
        }
    }

    /** A session whose client was closed and forgotten. */
    private static Session logged(AtomicInteger calls) {
        try (Client client = Surroundings.faultClient("server-error-html")
                .log(Level.DEBUG, (level, text) -> calls.incrementAndGet())
                .build()) {
            return session(client);
        }
    }

    @Test
    void aReceiverThatAsksItsOwnSessionIsTold() {
        AtomicReference<Session> own = new AtomicReference<>();
        AtomicReference<RuntimeException> told = new AtomicReference<>();
        AtomicBoolean asked = new AtomicBoolean();
        try (Client client = Surroundings.faultClient("ok")
                        .option("timeout_ms", "10000")
                        .log(Level.DEBUG, (level, text) -> {
                            if (asked.compareAndSet(false, true)) {
                                told.set(assertThrows(
                                        RuntimeException.class, () -> own.get().token()));
                            }
                        })
                        .build();
                Session session = session(client)) {
            own.set(session);
            assertTrue(session.token().isFor(client.origin()));
            assertEquals(InvalidArgumentException.class, told.get().getClass());
        }
    }
}
