package in.testpress;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * A text on its way into the library: UTF-8 with a NUL at its end, in native memory that is wiped by {@link #close()}.
 *
 * <p>The characters are encoded straight into that memory. No copy of a password is left on the heap, where nothing
 * could wipe it reliably.
 */
final class Argument implements AutoCloseable {
    /** The most bytes that one {@code char} takes; two that are a pair take four together. */
    private static final int MOST_BYTES_PER_CHAR = 3;
    /** Far beyond what the library takes, and far below an overflow. */
    private static final int MOST_CHARS = 16 * 1024 * 1024;

    private final Memory memory;

    private Argument(Memory memory) {
        this.memory = memory;
    }

    /**
     * Encodes a text.
     *
     * @param name what the text is called in an error, which never shows the text itself
     * @throws InvalidArgumentException when it has a NUL or half of a surrogate pair
     */
    static Argument of(String name, CharBuffer text) {
        if (text.remaining() > MOST_CHARS) {
            throw Status.INVALID_ARGUMENT.exception(name + " is too long");
        }
        // Memory is not zeroed by itself: what the encoder leaves is then the NUL at the end.
        Memory memory = new Memory((long) text.remaining() * MOST_BYTES_PER_CHAR + 1);
        memory.clear();
        Argument argument = new Argument(memory);
        try {
            argument.encode(name, text);
            return argument;
        } catch (RuntimeException | Error e) {
            argument.close();
            throw e;
        }
    }

    private void encode(String name, CharBuffer text) {
        ByteBuffer bytes = memory.getByteBuffer(0, memory.size());
        CoderResult result = StandardCharsets.UTF_8.newEncoder().encode(text, bytes, true);
        if (result.isError()) {
            throw Status.INVALID_ARGUMENT.exception(name + " is not valid Unicode: it has half of a surrogate pair");
        }
        // The bytes are looked at, not the characters: their owner may change these meanwhile.
        if (memory.indexOf(0, (byte) 0) < bytes.position()) {
            throw Status.INVALID_ARGUMENT.exception(name + " has a NUL (U+0000)");
        }
    }

    /** What the library takes; valid until {@link #close()}. */
    Pointer pointer() {
        return memory;
    }

    @Override
    public void close() {
        memory.clear();
        memory.close();
    }
}
