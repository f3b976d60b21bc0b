package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Logins on virtual threads, which the JVM has since 21: so they are reached by reflection. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private static final int MANY = 1000;

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static boolean isVirtual() {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aThousandStalledLoginsLeaveAnUnrelatedOneAlone() throws Exception {
        ExecutorService threads = virtualThreads();
        List<Future<Token>> stalled = new ArrayList<>();
        try (StalledServer server = new StalledServer();
                Client client = Client.of(server.origin());
                Client unrelated = Surroundings.faultClient("ok").build()) {
            for (int login = 0; login < MANY; login++) {
                stalled.add(threads.submit(() -> {
                    assertTrue(isVirtual());
                    return client.login("testpress", "demo");
                }));
            }
            server.awaitLogins(MANY);
            Future<Token> token = threads.submit(() -> unrelated.login("testpress", "demo"));
            assertTrue(token.get(20, TimeUnit.SECONDS).isFor(unrelated.origin()));

            threads.shutdownNow();
            for (Future<Token> login : stalled) {
                assertCancelled(login);
            }
        }
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }

    @Test
    void aThousandWhoWaitForOneLoginLeaveAnUnrelatedSessionAlone() throws Exception {
        ExecutorService threads = virtualThreads();
        CountDownLatch asking = new CountDownLatch(MANY);
        List<Future<Token>> waiting = new ArrayList<>();
        try (LoginServer server = new LoginServer();
                Client client = Client.of(server.origin());
                Session session = new Session(client, "ada", "lovelace");
                Client other = Surroundings.faultClient("ok").build();
                Session unrelated = new Session(other, "ada", "lovelace")) {
            server.hold();
            for (int thread = 0; thread < MANY; thread++) {
                waiting.add(threads.submit(() -> {
                    assertTrue(isVirtual());
                    asking.countDown();
                    return session.token();
                }));
            }
            // More of them than carriers: each has begun because those before it left theirs.
            assertTrue(asking.await(60, TimeUnit.SECONDS), "only " + (MANY - asking.getCount()) + " could begin");
            server.awaitLogins(1);
            Future<Token> token = threads.submit(() -> unrelated.token());
            assertTrue(token.get(20, TimeUnit.SECONDS).isFor(other.origin()));

            server.letGo();
            for (Future<Token> one : waiting) {
                assertEquals("token-1", one.get(60, TimeUnit.SECONDS).jwt());
            }
            assertEquals(1, server.logins());
        }
        threads.shutdown();
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }

    private static void assertCancelled(Future<Token> login) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> login.get(60, TimeUnit.SECONDS));
        assertEquals(CancelledException.class, failure.getCause().getClass());
    }
}
