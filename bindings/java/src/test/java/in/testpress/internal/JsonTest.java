package in.testpress.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON of claims and of servers' answers. */
class JsonTest {
    @Test
    void everyKindOfValueIsRead() {
        Map<String, Object> read =
                Json.object(" {\"s\" : \"a\\n\\\"\\u00e9\\ud83d\\udd11/\\/\" , \"i\":-12,\"f\":1.5e3,"
                        + "\"t\":true,\"n\":null,\"l\":[1, [], {}],\"o\":{\"\":{}}}\n");
        assertEquals("a\n\"é🔑//", read.get("s"));
        assertEquals(-12L, read.get("i"));
        assertEquals(1500.0, read.get("f"));
        assertEquals(true, read.get("t"));
        assertEquals(Collections.singletonMap("n", null).get("n"), read.get("n"));
        assertEquals(List.of(1L, List.of(), Map.of()), read.get("l"));
        assertEquals(Map.of("", Map.of()), read.get("o"));
        assertEquals(List.of("s", "i", "f", "t", "n", "l", "o"), List.copyOf(read.keySet()));
    }

    @Test
    void wholeNumbersKeepAllTheirDigits() {
        assertEquals(Long.MAX_VALUE, Json.object("{\"n\":9223372036854775807}").get("n"));
        assertEquals(Long.MIN_VALUE, Json.object("{\"n\":-9223372036854775808}").get("n"));
        assertEquals(
                new BigInteger("9223372036854775808"),
                Json.object("{\"n\":9223372036854775808}").get("n"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "\"a\"",
                "1",
                "null",
                "{",
                "{}x",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"a\":\"b}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\\u00",
                "{\"a\":\"\n\"}",
                "{\"a\":[1,]}",
                "{\"a\":[1 2]}"
            })
    void whatIsNoObjectIsEmpty(String text) {
        assertEquals(Map.of(), Json.object(text));
    }

    @Test
    void nestingBeyondReasonIsNoObject() {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertEquals(Map.of(), Json.object(deep));
        assertEquals(
                1,
                Json.object("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1,2.5,true,null,{\"b\":\"c\\td\"}]}", "{\"\":\"\\\\\",\"z\":{\"y\":[[]]}}"})
    void itReadsWhatJacksonReads(String text) throws Exception {
        ObjectMapper jackson = new ObjectMapper();
        assertEquals(jackson.readTree(text), jackson.readTree(jackson.writeValueAsString(Json.object(text))));
    }
}
