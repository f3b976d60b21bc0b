package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Logging in without blocking the caller. */
class AsyncTest {
    @Test
    void aFutureHasTheToken() throws Throwable {
        try (Client client = Client.of(Surroundings.institute())) {
            assertEquals(
                    Optional.of("testpress"),
                    Unwrapped.get(client.loginAsync("testpress", "demo")).username());
            char[] password = "clé-é-🔑".toCharArray();
            CompletableFuture<Token> login = client.loginAsync("unicode", password);
            java.util.Arrays.fill(password, '*');
            assertEquals(Optional.of("unicode"), Unwrapped.get(login).username());
        }
    }

    @Test
    void aFailureIsTheExceptionItself() throws Throwable {
        try (Client client = Client.of(Surroundings.institute())) {
            CompletableFuture<Object> handled =
                    client.loginAsync("testpress", "wrong").handle((token, failure) -> failure);
            assertInstanceOf(RejectedException.class, Unwrapped.get(handled));
            assertThrows(RejectedException.class, () -> Unwrapped.get(client.loginAsync("testpress", "wrong")));
        }
    }

    @Test
    void aBadArgumentFailsTheFuture() {
        try (Client client = Client.of(Surroundings.institute())) {
            assertThrows(InvalidArgumentException.class, () -> Unwrapped.get(client.loginAsync("testpress", "")));
            assertThrows(InvalidArgumentException.class, () -> Unwrapped.get(client.loginAsync("a\0b", "demo")));
        }
    }

    @Test
    void cancellingTheFutureEndsTheLogin() throws Exception {
        assertEndsTheLogin(future -> assertTrue(future.cancel(true)));
    }

    @Test
    void aTimeoutOfTheFutureEndsTheLogin() throws Exception {
        assertEndsTheLogin(future -> future.orTimeout(1, TimeUnit.MILLISECONDS));
    }

    @Test
    void completingTheFutureEndsTheLogin() throws Exception {
        assertEndsTheLogin(future -> future.complete(null));
    }

    private static void assertEndsTheLogin(java.util.function.Consumer<CompletableFuture<Token>> action)
            throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (StalledServer server = new StalledServer();
                Client client = Client.builder(server.origin())
                        .log(System.Logger.Level.DEBUG, (level, text) -> {
                            if (text.contains("TP_E_CANCELLED") || text.contains("cancelled")) {
                                cancelled.countDown();
                            }
                        })
                        .build()) {
            CompletableFuture<Token> future = client.loginAsync("testpress", "demo");
            server.awaitLogins(1);
            action.accept(future);
            assertTrue(cancelled.await(30, TimeUnit.SECONDS), "the native call has to end");
        }
    }

    @Test
    void aCancelledFutureSaysSo() throws Exception {
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin())) {
            CompletableFuture<Token> future = client.loginAsync("testpress", "demo");
            future.cancel(false);
            assertTrue(future.isCancelled());
            assertThrows(CancellationException.class, future::join);
        }
    }

    @Test
    void stalledLoginsLeaveTheCommonPoolFree() throws Throwable {
        List<CompletableFuture<Token>> stalled = new ArrayList<>();
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin());
                Client unrelated = Surroundings.faultClient("ok").build()) {
            for (int login = 0; login < 50; login++) {
                stalled.add(client.loginAsync("testpress", "demo"));
            }
            server.awaitLogins(50);
            assertEquals("free", Unwrapped.get(CompletableFuture.supplyAsync(() -> "free")));
            CompletableFuture<String> thread = unrelated
                    .loginAsync("testpress", "demo")
                    .thenApply(token -> Thread.currentThread().getName());
            assertFalse(Unwrapped.get(thread).contains("commonPool"));
            stalled.forEach(login -> login.cancel(true));
        }
    }
}
