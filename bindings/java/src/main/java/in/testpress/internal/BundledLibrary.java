package in.testpress.internal;

import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The native library that is in this package's jar, unpacked into a file that only this user can read or write.
 *
 * <p>The file is deleted at {@link #close}: a loaded library needs its name no more, and nothing is left behind even
 * when the JVM is killed.
 */
final class BundledLibrary implements AutoCloseable {
    static final String RESOURCE = Platform.RESOURCE_PREFIX + "/libtestpress.so";

    private final Path path;

    private BundledLibrary(Path path) {
        this.path = path;
    }

    /** Unpacks it. Null when the jar has none for this platform. */
    static BundledLibrary extract() throws IOException {
        try (InputStream content = BundledLibrary.class.getResourceAsStream("/" + RESOURCE)) {
            return content == null ? null : write(content);
        }
    }

    private static BundledLibrary write(InputStream content) throws IOException {
        BundledLibrary library = new BundledLibrary(Files.createTempFile(directory(), "libtestpress-", ".so"));
        try (OutputStream file = Files.newOutputStream(library.path)) {
            content.transferTo(file);
            return library;
        } catch (IOException | RuntimeException | Error e) {
            library.close();
            throw e;
        }
    }

    /** Where JNA unpacks its own part, which is loaded by now: so execution is allowed there. */
    private static Path directory() {
        String configured = System.getProperty("jna.tmpdir");
        if (configured != null) {
            return Path.of(configured);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache == null || cache.isBlank()) {
            cache = System.getProperty("user.home") + "/.cache";
        }
        File jna = new File(cache, "JNA/temp");
        return jna.canWrite() ? jna.toPath() : Path.of(System.getProperty("java.io.tmpdir"));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        path.toFile().delete();
    }
}
