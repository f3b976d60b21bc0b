package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Closing: at once, once, and never under a call. */
class CloseTest {
    @Test
    void aClosedClientSaysSo() {
        Client client = Surroundings.faultClient("ok").build();
        client.close();
        client.close();
        assertThrows(IllegalStateException.class, () -> client.login("testpress", "demo"));
        assertThrows(IllegalStateException.class, () -> client.login("testpress", "demo".toCharArray()));
        assertThrows(IllegalStateException.class, () -> client.loginAsync("testpress", "demo"));
        assertTrue(client.toString().contains(client.origin().toString()));
    }

    @Test
    void aTokenOutlivesItsClient() {
        Token token;
        try (Client client = Surroundings.faultClient("ok").build()) {
            token = client.login("testpress", "demo");
        }
        assertTrue(token.header().startsWith("Authorization: JWT "));
    }

    @Test
    void closingDoesNotWaitForALoginNorEndIt() throws Exception {
        try (StalledServer server = new StalledServer()) {
            Client client = Client.of(server.origin());
            Call call = new Call();
            CompletableFuture<Token> login = client.loginAsync("testpress", "demo", call);
            server.awaitLogins(1);
            client.close();
            assertThrows(IllegalStateException.class, () -> client.login("testpress", "demo"));
            assertEquals(false, login.isDone());
            call.cancel();
            assertThrows(CancelledException.class, () -> Unwrapped.get(login));
        }
    }

    @Test
    void closingNeverRacesWithALogin() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        AtomicInteger successes = new AtomicInteger();
        AtomicInteger refusals = new AtomicInteger();
        for (int round = 0; round < 60; round++) {
            Client client = Surroundings.faultClient("ok").build();
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> tasks = new ArrayList<>();
            for (int login = 0; login < 4; login++) {
                tasks.add(threads.submit(() -> {
                    start.await();
                    try {
                        assertNotNull(client.login("testpress", "demo").jwt());
                        successes.incrementAndGet();
                    } catch (IllegalStateException closed) {
                        refusals.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (int close = 0; close < 2; close++) {
                tasks.add(threads.submit(() -> {
                    start.await();
                    client.close();
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> task : tasks) {
                task.get();
            }
        }
        threads.shutdown();
        assertEquals(240, successes.get() + refusals.get());
    }

    @Test
    void aForgottenClientIsClosedByTheCollector() throws Exception {
        int before = openFiles();
        for (int client = 0; client < 20; client++) {
            // Each keeps a connection.
            Surroundings.faultClient("ok").build().login("testpress", "demo");
        }
        for (int tries = 0; tries < 100 && openFiles() > before + 5; tries++) {
            System.gc();
            Thread.sleep(50);
        }
        assertTrue(openFiles() <= before + 5, "connections of 20 forgotten clients were kept: " + openFiles());
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }
}
