package in.testpress.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a JSON object, so that this package needs no JSON library: maps, lists, strings, booleans and null; whole
 * numbers as {@link Long} or {@link BigInteger}, others as {@link Double}.
 */
public final class Json {
    /** Deeper nesting would cost the stack. */
    private static final int DEEPEST = 200;

    private final String text;
    private int position;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /**
     * The members of an object, in their order and unmodifiable.
     *
     * @param text JSON, or null
     * @return empty when the text is no JSON object
     */
    public static Map<String, Object> object(String text) {
        try {
            Json json = new Json(text == null ? "" : text);
            json.skipBlanks();
            Map<String, Object> members = json.members();
            json.skipBlanks();
            json.check(json.position == json.text.length());
            return members;
        } catch (IllegalArgumentException notJson) {
            return Map.of();
        }
    }

    private Object value() {
        skipBlanks();
        check(++depth < DEEPEST);
        Object value;
        switch (peek()) {
            case '{':
                value = members();
                break;
            case '[':
                value = elements();
                break;
            case '"':
                value = string();
                break;
            default:
                value = scalar();
        }
        depth--;
        skipBlanks();
        return value;
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        skipBlanks();
        if (!accept('}')) {
            do {
                skipBlanks();
                String name = string();
                skipBlanks();
                expect(':');
                members.put(name, value());
            } while (accept(','));
            expect('}');
        }
        return Collections.unmodifiableMap(members);
    }

    private List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        expect('[');
        skipBlanks();
        if (!accept(']')) {
            do {
                elements.add(value());
            } while (accept(','));
            expect(']');
        }
        return Collections.unmodifiableList(elements);
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        expect('"');
        while (!accept('"')) {
            char next = next();
            check(next >= ' ');
            string.append(next == '\\' ? escaped() : next);
        }
        return string.toString();
    }

    private char escaped() {
        char escape = next();
        int plain = "\"\\/bfnrt".indexOf(escape);
        if (plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        check(escape == 'u' && position + 4 <= text.length());
        int code = 0;
        for (int digit = 0; digit < 4; digit++) {
            int value = Character.digit(next(), 16);
            check(value >= 0);
            code = code * 16 + value;
        }
        return (char) code;
    }

    private Object scalar() {
        int start = position;
        while (position < text.length() && ",]} \t\r\n".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        String word = text.substring(start, position);
        switch (word) {
            case "true":
                return true;
            case "false":
                return false;
            case "null":
                return null;
            default:
                return number(word);
        }
    }

    private Object number(String word) {
        check(word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"));
        if (!word.matches("-?[0-9]+")) {
            return Double.valueOf(word);
        }
        BigInteger whole = new BigInteger(word);
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private char peek() {
        check(position < text.length());
        return text.charAt(position);
    }

    private char next() {
        char next = peek();
        position++;
        return next;
    }

    private boolean accept(char wanted) {
        boolean found = peek() == wanted;
        position += found ? 1 : 0;
        return found;
    }

    private void expect(char wanted) {
        check(next() == wanted);
    }

    private void check(boolean good) {
        if (!good) {
            throw new IllegalArgumentException("no JSON at " + position);
        }
    }
}
