package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The logins that every language's suite runs, with what must come of each. */
class ConformanceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        JsonNode cases = JSON.readTree(
                Surroundings.REPOSITORY.resolve("tests/conformance/cases.json").toFile());
        return StreamSupport.stream(cases.spliterator(), false)
                .map(one -> DynamicTest.dynamicTest(one.get("name").asText(), () -> check(one)));
    }

    private static void check(JsonNode one) {
        String password = one.get("password").asText();
        JsonNode expected = one.get("expect");
        try (Client client = client(one)) {
            Token token = client.login(one.get("username").asText(), password);
            assertEquals(expected.get("status").asText(), "TP_OK");
            assertEquals(client.origin(), token.origin());
            checkToken(expected, token);
        } catch (TestpressException e) {
            assertEquals(expected.get("status").asText(), e.statusName(), e.getMessage());
            checkError(expected, e);
            // A message about the institute has an example of one, which is most cases' password.
            if (one.has("server") && password.length() >= 4) {
                assertFalse(texts(e).contains(password));
            }
        }
    }

    private static Client client(JsonNode one) {
        Map<String, String> options = new LinkedHashMap<>();
        String institute;
        if (one.has("institute")) {
            institute = one.get("institute").asText();
        } else if (one.get("server").asText().equals("institute")) {
            institute = Surroundings.institute();
        } else {
            institute = Surroundings.fault(one.get("server").asText().substring("fault:".length()));
            options.putAll(Surroundings.trustInFaults());
        }
        if (one.has("options")) {
            one.get("options")
                    .properties()
                    .forEach(option ->
                            options.put(option.getKey(), option.getValue().asText()));
        }
        return Client.builder(institute).options(options).build();
    }

    private static void checkToken(JsonNode expected, Token token) {
        assertEquals("Authorization: " + token.authorization(), token.header());
        assertEquals("JWT " + token.jwt(), token.authorization());
        expected.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            switch (entry.getKey()) {
                case "status" -> {}
                case "username" -> assertEquals(text(value), token.username());
                case "email" -> assertEquals(text(value), token.email());
                case "user_id" ->
                    assertEquals(
                            value.isNull() ? OptionalLong.empty() : OptionalLong.of(value.asLong()), token.userId());
                case "authorization" -> assertEquals(value.asText(), token.authorization());
                case "header" -> assertEquals(value.asText(), token.header());
                case "jwt" -> assertEquals(value.asText(), token.jwt());
                case "expires" -> {
                    assertEquals(value.asBoolean(), token.expiresAt().isPresent());
                    token.expiresAt().ifPresent(end -> assertTrue(end.isAfter(Instant.now())));
                }
                case "claims" -> assertEquals(JSON.convertValue(value, Map.class), token.claims());
                case "claims_contain" ->
                    value.forEach(name -> assertTrue(token.claims().containsKey(name.asText()), name.asText()));
                default -> throw new AssertionError("no check for " + entry.getKey());
            }
        });
    }

    private static void checkError(JsonNode expected, TestpressException e) {
        expected.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            switch (entry.getKey()) {
                case "status" -> {}
                case "http_status" ->
                    assertEquals(value.isNull() ? OptionalInt.empty() : OptionalInt.of(value.asInt()), e.httpStatus());
                case "server_code" -> assertEquals(text(value), e.serverCode());
                case "server_message" -> assertEquals(text(value), e.serverMessage());
                case "server_body" -> assertEquals(text(value), e.serverBody());
                case "retry_after" ->
                    assertEquals(
                            Optional.of(value).filter(JsonNode::isNumber).map(n -> Duration.ofSeconds(n.asLong())),
                            e.retryAfter());
                case "retryable" -> assertEquals(value.asBoolean(), e.retryable());
                case "request_sent" -> assertEquals(value.asBoolean(), e.requestSent());
                case "field_errors" -> assertEquals(JSON.convertValue(value, Map.class), e.fieldErrors());
                case "message_contains" ->
                    value.forEach(part -> assertTrue(e.getMessage().contains(part.asText()), e.getMessage()));
                default -> throw new AssertionError("no check for " + entry.getKey());
            }
        });
    }

    private static Optional<String> text(JsonNode value) {
        return value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    private static String texts(TestpressException e) {
        return e + e.serverMessage().orElse("") + e.serverBody().orElse("") + e.fieldErrors();
    }
}
