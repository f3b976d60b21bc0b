package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code store} set to {@code file}, one login is for all processes. */
class SessionStoreTest {
    @TempDir
    Path folder;

    private String store;

    @BeforeEach
    void aStoreThatIsNotThereYet() {
        store = "file:" + folder.resolve("store");
    }

    /** What a JVM of its own says: the token, or the exception's class. */
    private String askInAnotherProcess(String origin) throws Exception {
        return new ChildJvm()
                .with("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Drepository.root=" + Surroundings.REPOSITORY)
                .run(SessionProbe.class, origin, store);
    }

    @Test
    void anotherProcessNeedsNoConnection() throws Exception {
        String origin;
        try (LoginServer server = new LoginServer();
                Client client =
                        Client.builder(server.origin()).option("store", store).build();
                Session session = new Session(client, "ada", "lovelace")) {
            origin = server.origin();
            assertEquals("token-1", session.token().jwt());
            assertEquals("token-1\n", askInAnotherProcess(origin));
            assertEquals(1, server.logins());
        }
        // And now there is no server.
        assertEquals("token-1\n", askInAnotherProcess(origin));
    }

    @Test
    void processesThatStartTogetherLogInOnce() throws Throwable {
        try (LoginServer server = new LoginServer()) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int process = 0; process < 4; process++) {
                answers.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return askInAnotherProcess(server.origin());
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (CompletableFuture<String> answer : answers) {
                assertEquals("token-1\n", Unwrapped.get(answer));
            }
            assertEquals(1, server.logins());
        }
    }

    @Test
    void aTokenThatWasRejectedIsReplacedForAll() throws Exception {
        try (LoginServer server = new LoginServer();
                Client client =
                        Client.builder(server.origin()).option("store", store).build();
                Session session = new Session(client, "ada", "lovelace")) {
            session.reject(session.token());
            assertEquals("token-2", session.token().jwt());
            assertEquals("token-2\n", askInAnotherProcess(server.origin()));
            assertEquals(2, server.logins());
        }
    }

    @Test
    void aStoreThatCanBeUsedPassesItsCheck() throws Exception {
        try (LoginServer server = new LoginServer()) {
            for (String usable : List.of("memory", store)) {
                checkStore(server.origin(), usable);
            }
            assertTrue(Files.isDirectory(folder.resolve("store")));
            assertEquals(0, server.logins());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/store", "plain-file"})
    void aStoreThatCantBeUsedSaysSoWhenAsked(String name) throws Exception {
        Files.createFile(folder.resolve("plain-file"));
        String path = folder.resolve(name).toString();
        try (LoginServer server = new LoginServer()) {
            StoreException unusable =
                    assertThrows(StoreException.class, () -> checkStore(server.origin(), "file:" + path));
            assertTrue(unusable.getMessage().contains(path), unusable.getMessage());
            assertFalse(unusable.retryable());
        }
    }

    private static void checkStore(String origin, String store) {
        Session session;
        try (Client client = Client.builder(origin).option("store", store).build()) {
            session = new Session(client, "ada", "lovelace");
        }
        try (session) {
            session.checkStore();
        }
        assertThrows(IllegalStateException.class, session::checkStore);
    }

    @Test
    void aRefusalIsForAllProcesses() throws Exception {
        String institute = Surroundings.institute();
        try (Client client = Client.builder(institute).option("store", store).build();
                Session session = new Session(client, "ada", "lovelace")) {
            assertThrows(RejectedException.class, session::token);
        }
        assertEquals("RejectedException sent=false\n", askInAnotherProcess(institute));
    }
}
