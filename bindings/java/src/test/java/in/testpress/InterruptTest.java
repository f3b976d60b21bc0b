package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@link Thread#interrupt} ends a login, and so do the cancellations of a call. */
class InterruptTest {
    private static final Duration SOON = Duration.ofMillis(300);

    @Test
    void anInterruptEndsALoginSoon() throws Exception {
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin())) {
            Duration best = SOON;
            // On a busy machine any one of them may be late.
            for (int round = 0; round < 5; round++) {
                AtomicReference<Throwable> failure = new AtomicReference<>();
                AtomicBoolean stillInterrupted = new AtomicBoolean();
                Thread thread = new Thread(() -> {
                    failure.set(assertThrows(Throwable.class, () -> client.login("testpress", "demo")));
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                });
                thread.start();
                server.awaitLogins(1);
                long start = System.nanoTime();
                thread.interrupt();
                thread.join(60_000);
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                best = took.compareTo(best) < 0 ? took : best;
                assertInstanceOf(CancelledException.class, failure.get());
                assertTrue(stillInterrupted.get(), "the interrupt has to stay set");
            }
            assertTrue(best.compareTo(SOON) < 0, "no login ended within " + SOON);
        }
    }

    @Test
    void aThreadThatIsInterruptedAlreadyDoesNotWait() throws Exception {
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin())) {
            Thread.currentThread().interrupt();
            assertThrows(CancelledException.class, () -> client.login("testpress", "demo"));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void afterAnInterruptTheClientLogsInAgain() {
        try (Client client = Surroundings.faultClient("ok").build()) {
            Thread.currentThread().interrupt();
            try {
                client.login("testpress", "demo");
            } catch (CancelledException expected) {
                assertEquals("TP_E_CANCELLED", expected.statusName());
            }
            assertTrue(Thread.interrupted());
            assertTrue(client.login("testpress", "demo").isFor(client.origin()));
        }
    }

    @Test
    void anotherThreadCancelsACall() throws Exception {
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin())) {
            Call call = new Call();
            CompletableFuture<Void> canceller = CompletableFuture.runAsync(() -> {
                try {
                    server.awaitLogins(1);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                call.cancel();
            });
            assertThrows(CancelledException.class, () -> client.login("testpress", "demo", call));
            canceller.join();
            assertTrue(call.isCancelled());
        }
    }

    @Test
    void aCallThatWasCancelledBeforeStaysCancelled() {
        Call call = new Call();
        call.cancel();
        call.cancel();
        try (Client client = Surroundings.faultClient("ok").build()) {
            CancelledException cancelled =
                    assertThrows(CancelledException.class, () -> client.login("testpress", "demo", call));
            assertEquals(false, cancelled.requestSent());
            assertThrows(CancelledException.class, () -> client.login("testpress", "demo", call));
        }
    }

    @Test
    void aCallCanBeCancelledAfterItsEnd() {
        Call call = new Call();
        try (Client client = Surroundings.faultClient("ok").build()) {
            client.login("testpress", "demo", call);
            call.cancel();
            assertTrue(client.login("testpress", "demo").isFor(client.origin()));
        }
    }

    @Test
    void oneCallCancelsAllLoginsItWasPassedTo() throws Exception {
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin())) {
            Call call = new Call();
            CompletableFuture<Token> one = client.loginAsync("testpress", "demo", call);
            CompletableFuture<Token> other = client.loginAsync("testpress", "demo", call);
            server.awaitLogins(2);
            call.cancel();
            assertThrows(CancelledException.class, () -> Unwrapped.get(one));
            assertThrows(CancelledException.class, () -> Unwrapped.get(other));
        }
    }
}
