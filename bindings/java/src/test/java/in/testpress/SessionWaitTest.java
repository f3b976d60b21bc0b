package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits for a session's token can be interrupted and cancelled, and has a timeout, each on its own. */
class SessionWaitTest {
    private static final Duration SOON = Duration.ofMillis(300);

    private LoginServer server;
    private Client client;
    private Session session;

    @BeforeEach
    void aServerThatDoesNotAnswerYet() throws IOException {
        server = new LoginServer();
        server.hold();
        client = Client.of(server.origin());
        session = new Session(client, "ada", "lovelace");
    }

    @AfterEach
    void stop() {
        session.close();
        client.close();
        server.close();
    }

    /** A thread that asks for the token. */
    private static final class Asker {
        private final AtomicReference<Object> outcome = new AtomicReference<>();
        private final AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        private final Thread thread;

        Asker(Session session) {
            thread = new Thread(() -> {
                try {
                    outcome.set(session.token().jwt());
                } catch (Throwable e) {
                    outcome.set(e);
                }
                stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
        }

        /** Waits until it waits for an answer. */
        void awaitWaiting() throws InterruptedException {
            long start = System.nanoTime();
            while (thread.getState() != Thread.State.WAITING) {
                assertTrue(System.nanoTime() - start < 60_000_000_000L, "it never waited");
                Thread.sleep(1);
            }
        }

        /** How long its end took. */
        Duration interrupt() throws InterruptedException {
            long start = System.nanoTime();
            thread.interrupt();
            thread.join(60_000);
            return Duration.ofNanos(System.nanoTime() - start);
        }

        Object outcome() throws InterruptedException {
            thread.join(60_000);
            return outcome.get();
        }
    }

    @Test
    void anInterruptEndsTheWaitForAnothersLogin() throws Throwable {
        CompletableFuture<Token> login = session.tokenAsync();
        server.awaitLogins(1);
        Duration best = SOON;
        // On a busy machine any one of them may be late.
        for (int round = 0; round < 5; round++) {
            Asker asker = new Asker(session);
            asker.awaitWaiting();
            Duration took = asker.interrupt();
            best = took.compareTo(best) < 0 ? took : best;
            assertInstanceOf(CancelledException.class, asker.outcome());
            assertTrue(asker.stillInterrupted.get(), "the interrupt has to stay set");
        }
        assertTrue(best.compareTo(SOON) < 0, "no wait ended within " + SOON);
        assertFalse(login.isDone());
        server.letGo();
        assertEquals("token-1", Unwrapped.get(login).jwt());
        assertEquals(1, server.logins());
    }

    @Test
    void whenTheOneWhoLogsInIsInterruptedAnotherDoesItAnew() throws Throwable {
        Asker first = new Asker(session);
        server.awaitLogins(1);
        CompletableFuture<Token> second = session.tokenAsync();
        first.interrupt();
        assertInstanceOf(CancelledException.class, first.outcome());
        server.awaitLogins(1);
        server.letGo();
        assertEquals("token-2", Unwrapped.get(second).jwt());
    }

    @Test
    void aThreadThatIsInterruptedAlreadyDoesNotWait() {
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, session::token);
        assertTrue(Thread.interrupted());
    }

    @Test
    void eachHasATimeoutAndACancellationOfItsOwn() throws Throwable {
        CompletableFuture<Token> login = session.tokenAsync();
        server.awaitLogins(1);
        TimeoutException timeout =
                assertThrows(TimeoutException.class, () -> session.token(Call.withTimeout(Duration.ofMillis(200))));
        assertTrue(timeout.getMessage().contains("200 ms"), timeout.getMessage());
        Call call = new Call();
        CompletableFuture<Token> waiting = session.tokenAsync(call);
        call.cancel();
        assertThrows(CancelledException.class, () -> Unwrapped.get(waiting));
        assertThrows(CancelledException.class, () -> session.token(call));
        server.letGo();
        assertEquals("token-1", Unwrapped.get(login).jwt());
    }

    @Test
    void aFutureThatIsCancelledOrTimesOutEndsTheLogin() throws Throwable {
        CompletableFuture<Token> cancelled = session.tokenAsync();
        server.awaitLogins(1);
        assertTrue(cancelled.cancel(true));
        assertThrows(CancellationException.class, cancelled::join);
        CompletableFuture<Token> timed = session.tokenAsync();
        server.awaitLogins(1);
        timed.orTimeout(1, TimeUnit.MILLISECONDS);
        // Only when nobody leads any more does another log in.
        CompletableFuture<Token> last = session.tokenAsync();
        server.awaitLogins(1);
        server.letGo();
        assertEquals("token-3", Unwrapped.get(last).jwt());
    }

    @Test
    void aFailureOfAFutureIsTheExceptionItself() {
        try (Client dead = Client.builder("http://127.0.0.1:1").build();
                Session none = new Session(dead, "ada", "lovelace")) {
            assertThrows(ConnectException.class, () -> Unwrapped.get(none.tokenAsync()));
        }
    }
}
