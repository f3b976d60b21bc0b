package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A cache of people's tokens, as the README has it, gives none that has expired. */
class CaffeineTest {
    private static final String VISITOR = "a visitor's session";

    private final AtomicLong passed = new AtomicLong();
    private final Cache<String, Token> tokens = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfter(Expiry.writing((String visitor, Token token) ->
                    token.expiresIn().map(left -> left.minusSeconds(10)).orElse(Duration.ofMinutes(5))))
            .ticker(passed::get)
            .build();

    private void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    private static Token livingFor(Duration time) {
        String claims = "{\"exp\":" + Instant.now().plus(time).getEpochSecond() + "}";
        String payload =
                Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return Token.fromJwt("demo", "eyJhbGciOiJIUzI1NiJ9." + payload + ".c2lnbmF0dXJl");
    }

    @Test
    void aTokenGoesShortlyBeforeItExpires() {
        tokens.put(VISITOR, livingFor(Duration.ofSeconds(300)));
        pass(Duration.ofSeconds(250));
        assertNotNull(tokens.getIfPresent(VISITOR));
        pass(Duration.ofSeconds(41));
        assertNull(tokens.getIfPresent(VISITOR));
    }

    @Test
    void aTokenThatReplacesAnotherHasATimeOfItsOwn() {
        tokens.put(VISITOR, livingFor(Duration.ofDays(1)));
        Token shorter = livingFor(Duration.ofSeconds(300));
        tokens.put(VISITOR, shorter);
        assertEquals(shorter, tokens.getIfPresent(VISITOR));
        pass(Duration.ofSeconds(300));
        assertNull(tokens.getIfPresent(VISITOR));
    }

    @Test
    void anExpiredTokenIsNotTakenIn() {
        for (long seconds : new long[] {-86_400, -1, 0, 9}) {
            tokens.put(VISITOR, livingFor(Duration.ofSeconds(seconds)));
            pass(Duration.ofNanos(1));
            assertNull(tokens.getIfPresent(VISITOR), seconds + " s");
        }
    }

    @Test
    void whatNeverTellsItsEndGoesAfterAWhile() {
        tokens.put(VISITOR, Token.fromJwt("demo", "abc"));
        pass(Duration.ofMinutes(4));
        assertNotNull(tokens.getIfPresent(VISITOR));
        pass(Duration.ofMinutes(1));
        assertNull(tokens.getIfPresent(VISITOR));
    }

    @Test
    void aTokenOutOfItsTextExpiresWhenItDid() {
        Token token = livingFor(Duration.ofSeconds(300));
        Token again = Token.fromJwt(token.origin().toString(), token.jwt());
        assertEquals(token.expiresAt(), again.expiresAt());
        assertEquals(token.origin(), again.origin());
        assertEquals(token.authorization(), again.authorization());
    }
}
