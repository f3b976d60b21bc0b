package in.testpress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in to a real institute, and what is refused before anything is sent. */
class LoginTest {
    @Test
    void oneCallLogsIn() {
        Token token = Testpress.login(Surroundings.institute(), "testpress", "demo");
        assertTrue(token.authorization().startsWith("JWT eyJ"));
        assertEquals(Optional.of("testpress"), token.username());
    }

    @Test
    void oneCallTakesOptionsAndCharacters() {
        Token token = Testpress.login(
                Surroundings.institute(), "testpress", "demo".toCharArray(), Map.of("api_version", "v2.2"));
        assertEquals(Optional.of("testpress"), token.username());
        assertThrows(
                InvalidArgumentException.class,
                () -> Testpress.login(Surroundings.institute(), "testpress", "demo", Map.of("no_such_option", "1")));
    }

    @Test
    void aPasswordOfCharactersIsLeftAsItIs() {
        char[] password = "clé-é-🔑".toCharArray();
        try (Client client = Client.of(Surroundings.institute())) {
            assertEquals(
                    Optional.of("unicode"), client.login("unicode", password).username());
        }
        assertArrayEquals("clé-é-🔑".toCharArray(), password);
    }

    @Test
    void aClientLogsInManyTimes() {
        try (Client client = Client.of(Surroundings.institute())) {
            assertEquals(URI.create(Surroundings.institute()), client.origin());
            for (int login = 0; login < 3; login++) {
                assertTrue(client.login("testpress", "demo").isFor(client.origin()));
                assertThrows(RejectedException.class, () -> client.login("testpress", "wrong"));
            }
        }
    }

    @Test
    void aFormShowsTheServersOwnWords() {
        try (Client client = Client.of(Surroundings.institute())) {
            RefusedException refused = assertThrows(RefusedException.class, () -> client.login("testpress", "wrong"));
            assertEquals(Optional.of("Unable to log in with provided credentials."), refused.serverMessage());
            assertEquals(
                    Map.of("non_field_errors", List.of("Unable to log in with provided credentials.")),
                    refused.fieldErrors());
        }
    }

    @Test
    void anExceptionIsThrownWhereTheLoginWasCalled() {
        try (Client client = Client.of(Surroundings.institute())) {
            RejectedException rejected =
                    assertThrows(RejectedException.class, () -> client.login("testpress", "wrong"));
            assertTrue(List.of(rejected.getStackTrace()).stream()
                    .anyMatch(frame -> frame.getClassName().startsWith(LoginTest.class.getName())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "b\0"})
    void aNulIsRefusedNotCut(String text) {
        try (Client client = Client.of(Surroundings.institute())) {
            assertRefused("username", () -> client.login(text, "demo"));
            assertRefused("password", () -> client.login("testpress", text));
            assertRefused("password", () -> client.login("testpress", text.toCharArray()));
        }
        assertRefused("institute", () -> Client.of(text));
        assertRefused("institute", () -> Token.fromJwt(text, "abc"));
        assertRefused("jwt", () -> Token.fromJwt("demo", text));
        assertRefused("option", () -> Client.builder("demo").option(text, "1").build());
        assertRefused(
                "timeout_ms",
                () -> Client.builder("demo").option("timeout_ms", text).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\udd11b", "\udd11\ud83d"})
    void halfOfASurrogatePairIsRefusedNotReplaced(String text) {
        try (Client client = Client.of(Surroundings.institute())) {
            assertRefused("username", () -> client.login(text, "demo"));
            assertRefused("password", () -> client.login("testpress", text.toCharArray()));
        }
        assertRefused("institute", () -> Client.of(text));
    }

    private static void assertRefused(String argument, org.junit.jupiter.api.function.Executable call) {
        InvalidArgumentException refused = assertThrows(InvalidArgumentException.class, call);
        assertTrue(refused.getMessage().contains(argument), refused.getMessage());
        assertFalse(refused.requestSent());
    }

    @Test
    void nullIsRefusedByName() {
        try (Client client = Client.of("demo")) {
            assertNull("username", () -> client.login(null, "demo"));
            assertNull("password", () -> client.login("testpress", (String) null));
            assertNull("password", () -> client.login("testpress", (char[]) null));
            assertNull("call", () -> client.login("testpress", "demo", null));
            assertNull("username", () -> client.loginAsync(null, "demo"));
            assertNull("password", () -> client.loginAsync("testpress", (char[]) null));
        }
        assertNull("institute", () -> Client.of(null));
        assertNull("institute", () -> Token.fromJwt(null, "abc"));
        assertNull("jwt", () -> Token.fromJwt("demo", null));
        assertNull("name", () -> Client.builder("demo").option(null, "1"));
        assertNull("value", () -> Client.builder("demo").option("timeout_ms", null));
        assertNull("timeout", () -> Call.withTimeout(null));
    }

    private static void assertNull(String argument, org.junit.jupiter.api.function.Executable call) {
        assertEquals(argument, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void whatIsFarTooLongIsRefused() {
        String huge = "x".repeat(17 * 1024 * 1024);
        try (Client client = Client.of("demo")) {
            assertRefused("password", () -> client.login("testpress", huge));
            assertRefused("password", () -> client.login("testpress", huge.substring(0, 100_000)));
        }
    }

    @Test
    void aTimeoutOfItsOwnCounts() {
        try (Client client = Surroundings.faultClient("silent-after-request").build()) {
            Call call = Call.withTimeout(Duration.ofMillis(200));
            TimeoutException timeout =
                    assertThrows(TimeoutException.class, () -> client.login("testpress", "demo", call));
            assertTrue(timeout.requestSent());
            assertTrue(timeout.getMessage().contains("200 ms"), timeout.getMessage());
        }
    }

    @Test
    void aTimeoutThatHasPassedSendsNothing() {
        try (Client client = Surroundings.faultClient("ok").build()) {
            for (Duration passed : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
                TimeoutException timeout = assertThrows(
                        TimeoutException.class, () -> client.login("testpress", "demo", Call.withTimeout(passed)));
                assertFalse(timeout.requestSent());
            }
        }
    }

    @Test
    void theLongestTimeoutIsADay() {
        assertEquals(
                86_400_000, Call.withTimeout(Duration.ofSeconds(Long.MAX_VALUE)).timeoutMilliseconds());
        assertEquals(86_400_000, Call.withTimeout(Duration.ofDays(1)).timeoutMilliseconds());
        assertEquals(1, Call.withTimeout(Duration.ofNanos(1)).timeoutMilliseconds());
        assertEquals(2, Call.withTimeout(Duration.ofNanos(1_000_001)).timeoutMilliseconds());
    }

    @Test
    void theLibraryTellsItsVersion() {
        assertTrue(Testpress.libraryVersion().matches("\\d+\\.\\d+\\.\\d+"));
    }
}
