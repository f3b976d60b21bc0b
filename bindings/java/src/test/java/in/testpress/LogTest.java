package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the library tells the application's log. */
class LogTest {
    @Test
    void messagesArriveWithTheirLevel() {
        Queue<Level> levels = new ConcurrentLinkedQueue<>();
        Queue<String> texts = new ConcurrentLinkedQueue<>();
        try (Client client = Client.builder(Surroundings.institute())
                .log(Level.DEBUG, (level, text) -> {
                    levels.add(level);
                    texts.add(text);
                })
                .build()) {
            Token token = client.login("testpress", "demo");
            assertTrue(texts.toString().contains("localhost"), texts.toString());
            assertTrue(levels.contains(Level.DEBUG));
            assertFalse(texts.toString().contains(token.jwt()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"OFF", "ERROR", "WARNING", "INFO"})
    void nothingBelowTheLevelArrives(Level least) {
        Queue<Level> levels = new ConcurrentLinkedQueue<>();
        try (Client client = Client.builder(Surroundings.institute())
                .log(least, (level, text) -> levels.add(level))
                .build()) {
            client.login("testpress", "demo");
            assertThrows(RejectedException.class, () -> client.login("testpress", "wrong"));
        }
        assertTrue(levels.stream().allMatch(level -> level.getSeverity() >= least.getSeverity()), levels.toString());
    }

    @Test
    void aLoggerOfThePlatformTakesThem() {
        System.Logger logger = System.getLogger("in.testpress.tests");
        try (Client client = Client.builder(Surroundings.institute())
                .log(Level.ERROR, logger::log)
                .build()) {
            assertNotNull(client.login("testpress", "demo"));
        }
    }

    @Test
    void aReceiverThatThrowsDisturbsNothing() {
        List<Throwable> troubles =
                List.of(new IllegalStateException("no log today"), new StackOverflowError(), new ThreadDeathLike());
        for (Throwable trouble : troubles) {
            AtomicInteger calls = new AtomicInteger();
            try (Client client = Client.builder(Surroundings.institute())
                    .log(Level.DEBUG, (level, text) -> {
                        calls.incrementAndGet();
                        LogTest.<RuntimeException>throwAny(trouble);
                    })
                    .build()) {
                assertNotNull(client.login("testpress", "demo"));
                assertThrows(RejectedException.class, () -> client.login("testpress", "wrong"));
            }
            assertTrue(calls.get() > 0);
        }
    }

    private static final class ThreadDeathLike extends Error {
        private static final long serialVersionUID = 1L;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAny(Throwable trouble) throws T {
        throw (T) trouble;
    }

    @Test
    void aReceiverMayCloseItsClientAndLogInWithAnother() {
        AtomicReference<Client> own = new AtomicReference<>();
        AtomicReference<Token> nested = new AtomicReference<>();
        try (Client other = Surroundings.faultClient("ok").build()) {
            own.set(Surroundings.faultClient("ok")
                    .log(Level.DEBUG, (level, text) -> {
                        if (own.get() != null) {
                            own.get().close();
                            nested.set(other.login("testpress", "demo"));
                        }
                    })
                    .build());
            assertNotNull(own.get().login("testpress", "demo"));
            assertNotNull(nested.get());
        }
    }

    @Test
    void aReceiverLivesAsLongAsItsClient() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        try (Client client = Surroundings.faultClient("ok")
                .log(Level.DEBUG, (level, text) -> calls.incrementAndGet())
                .build()) {
            for (int login = 0; login < 20; login++) {
                System.gc();
                int before = calls.get();
                client.login("testpress", "demo");
                assertTrue(calls.get() > before);
            }
        }
    }

    @Test
    void anInterruptInTheReceiverStaysThere() {
        try (Client client = Surroundings.faultClient("ok")
                .log(Level.DEBUG, (level, text) -> Thread.currentThread().interrupt())
                .build()) {
            for (int login = 0; login < 5; login++) {
                assertNotNull(client.login("testpress", "demo"));
                assertEquals(false, Thread.currentThread().isInterrupted());
            }
        }
    }
}
