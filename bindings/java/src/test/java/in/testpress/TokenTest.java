package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token tells, and what it keeps to itself. */
class TokenTest {
    private static Token token(String institute, String claims) {
        return Token.fromJwt(institute, jwt(claims));
    }

    private static String jwt(String claims) {
        String payload =
                Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return "eyJhbGciOiJIUzI1NiJ9." + payload + ".c2lnbmF0dXJl";
    }

    @Test
    void aJwtThatWasKeptIsATokenAgain() {
        String jwt = jwt("{\"username\":\"zoé\",\"user_id\":7,\"email\":\"z@example.com\",\"exp\":4102444800}");
        Token token = Token.fromJwt("demo", jwt);
        assertEquals(jwt, token.jwt());
        assertEquals("JWT " + jwt, token.authorization());
        assertEquals("Authorization: JWT " + jwt, token.header());
        assertEquals(URI.create("https://demo.testpress.in"), token.origin());
        assertEquals(Optional.of("zoé"), token.username());
        assertEquals(OptionalLong.of(7), token.userId());
        assertEquals(Optional.of("z@example.com"), token.email());
        assertEquals(Optional.of(Instant.parse("2100-01-01T00:00:00Z")), token.expiresAt());
        Duration left = Duration.between(Instant.now(), Instant.parse("2100-01-01T00:00:00Z"));
        assertTrue(token.expiresIn().orElseThrow().minus(left).abs().toSeconds() < 60);
    }

    @Test
    void whatTheTokenDoesNotTellIsEmpty() {
        Token token = Token.fromJwt("demo", "abc");
        assertEquals(Optional.empty(), token.username());
        assertEquals(OptionalLong.empty(), token.userId());
        assertEquals(Optional.empty(), token.email());
        assertEquals(Optional.empty(), token.expiresAt());
        assertEquals(Optional.empty(), token.expiresIn());
        assertEquals(Map.of(), token.claims());
    }

    @Test
    void anExpiredTokenHasLessThanNothingLeft() {
        assertTrue(token("demo", "{\"exp\":1000}").expiresIn().orElseThrow().isNegative());
    }

    @Test
    void aTimeBeyondJavasIsAsFarAsJavasGo() {
        Token token = token("demo", "{\"exp\":9223372036854775807}");
        token.expiresAt().ifPresent(end -> assertEquals(Instant.MAX.getEpochSecond(), end.getEpochSecond()));
        token.expiresIn().ifPresent(left -> assertFalse(left.isNegative()));
    }

    @Test
    void claimsHaveJavasTypes() {
        Map<String, Object> claims = token(
                        "demo",
                        "{\"n\":1,\"big\":123456789012345678901,\"f\":1.5,\"t\":true,\"z\":null,\"l\":[\"é\",{}]}")
                .claims();
        assertEquals(1L, claims.get("n"));
        assertEquals(1.5, claims.get("f"));
        assertEquals(true, claims.get("t"));
        assertTrue(claims.containsKey("z"));
        assertEquals(List.of("é", Map.of()), claims.get("l"));
        assertInstanceOf(BigInteger.class, claims.get("big"));
        assertThrows(UnsupportedOperationException.class, () -> claims.put("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nX: y", "é"})
    void whatCanBeNoJwtIsRefused(String jwt) {
        assertThrows(InvalidArgumentException.class, () -> Token.fromJwt("demo", jwt));
    }

    @ParameterizedTest
    @CsvSource({
        "https://demo.testpress.in/api/v2.2/me/, true",
        "HTTPS://DEMO.testpress.IN:443/, true",
        "https://demo.testpress.in, true",
        "http://demo.testpress.in/, false",
        "https://demo.testpress.in:8443/, false",
        "https://demo.testpress.in.evil.example/, false",
        "https://evil.example/demo.testpress.in, false",
        "https://demo.testpress.in@evil.example/, false",
        "https://xdemo.testpress.in/, false",
        "/api/v2.2/me/, false",
        "mailto:demo@testpress.in, false",
        "ftp://demo.testpress.in/, false",
    })
    void theHeaderIsForItsOriginOnly(URI address, boolean expected) {
        assertEquals(expected, Token.fromJwt("demo", "abc").isFor(address));
    }

    @Test
    void otherPortsAndAddressesAreOtherOrigins() {
        Token token = Token.fromJwt("http://[::1]:8080", "abc");
        assertTrue(token.isFor(URI.create("http://[::1]:8080/")));
        assertFalse(token.isFor(URI.create("http://[::1]/")));
        assertFalse(token.isFor(URI.create("http://127.0.0.1:8080/")));
    }

    @Test
    void noTextShowsTheSecret() throws IOException {
        Token token = token("demo", "{\"username\":\"zoe\"}");
        assertFalse(token.toString().contains("eyJ"), token.toString());
        ObjectMapper byFields = new ObjectMapper()
                .setVisibility(PropertyAccessor.FIELD, Visibility.ANY)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .findAndRegisterModules();
        assertFalse(byFields.writeValueAsString(token).contains("eyJ"));
        ObjectMapper byGetters = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        assertEquals("{}", byGetters.writeValueAsString(token));
    }

    @Test
    void handlesCanNeitherBeSerializedNorCloned() throws IOException {
        for (Class<?> type : List.of(Token.class, Client.class, Client.Builder.class, Call.class, Session.class)) {
            assertFalse(Serializable.class.isAssignableFrom(type), type.getName());
            assertFalse(Cloneable.class.isAssignableFrom(type), type.getName());
            assertTrue(
                    Arrays.stream(type.getMethods()).noneMatch(m -> m.getName().equals("clone")), type.getName());
        }
        try (ObjectOutputStream stream = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThrows(NotSerializableException.class, () -> stream.writeObject(Token.fromJwt("demo", "abc")));
        }
    }

    @Test
    void anExceptionCanBeSerialized() throws IOException {
        InvalidArgumentException refused =
                assertThrows(InvalidArgumentException.class, () -> Token.fromJwt("demo", ""));
        try (ObjectOutputStream stream = new ObjectOutputStream(new ByteArrayOutputStream())) {
            stream.writeObject(refused);
        }
    }
}
