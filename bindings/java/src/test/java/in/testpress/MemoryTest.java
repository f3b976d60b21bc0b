package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After a login with a {@code char[]} that was wiped, the password is nowhere in the process. */
class MemoryTest {
    private static final int CHUNK = 1 << 20;
    private static final int END = 24;

    @Test
    void aPasswordOfCharactersIsNowhere() throws Exception {
        assertEquals(0, copiesAfterALogin("wipe", StandardCharsets.UTF_8));
        assertEquals(0, copiesAfterALogin("wipe", StandardCharsets.UTF_16LE));
    }

    @Test
    void whereItWasNotWipedItIsFound() throws Exception {
        assertTrue(copiesAfterALogin("keep", StandardCharsets.UTF_16LE) > 0, "the search finds nothing at all");
    }

    private static int copiesAfterALogin(String what, Charset charset) throws IOException, InterruptedException {
        String password = unlike("first") + unlike("middle") + unlike("last");
        Process process = new ChildJvm()
                .with("-Xmx64m", "-Xint", "-Drepository.root=" + Surroundings.REPOSITORY)
                .start(MemoryProbe.class, Integer.toString(password.length()), what);
        try {
            for (char character : password.toCharArray()) {
                process.getOutputStream().write(character ^ 0x20);
            }
            process.getOutputStream().flush();
            BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()));
            assertEquals("done", output.readLine());
            // Memory that was freed keeps its end best: the allocator writes at its beginning.
            String end = password.substring(password.length() - END);
            return count(process.pid(), end.getBytes(charset));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Text that is nowhere yet. */
    private static String unlike(String word) {
        return word
                + Long.toHexString(System.nanoTime())
                + Long.toHexString(System.identityHashCode(new Object()) * 31L);
    }

    private static int count(long process, byte[] wanted) throws IOException {
        int count = 0;
        List<String> regions = Files.readAllLines(Path.of("/proc/" + process + "/maps"));
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + process + "/mem", "r")) {
            for (String region : regions) {
                String[] parts = region.split("[- ]");
                if (parts[2].startsWith("rw") && !region.endsWith("[vvar]")) {
                    count += count(
                            memory, Long.parseUnsignedLong(parts[0], 16), Long.parseUnsignedLong(parts[1], 16), wanted);
                }
            }
        }
        return count;
    }

    private static int count(RandomAccessFile memory, long start, long end, byte[] wanted) throws IOException {
        int count = 0;
        byte[] chunk = new byte[CHUNK];
        for (long position = start; position < end; position += CHUNK - wanted.length) {
            memory.seek(position);
            int length = memory.read(chunk, 0, (int) Math.min(CHUNK, end - position));
            String text = new String(chunk, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
            String needle = new String(wanted, StandardCharsets.ISO_8859_1);
            for (int at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
                count++;
            }
        }
        return count;
    }
}
