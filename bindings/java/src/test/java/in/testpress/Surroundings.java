package in.testpress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the tests find around them: the repository, the institute and the bad server. */
final class Surroundings {
    static final Path REPOSITORY = Path.of(System.getProperty("repository.root"));

    private Surroundings() {}

    /** The address of the real institute, whose authority {@code SSL_CERT_FILE} names. */
    static String institute() {
        return variable("TESTPRESS_INSTITUTE");
    }

    /** The bad server's origin that has a fault. */
    static String fault(String name) {
        for (String line : read(Path.of(variable("TESTPRESS_FAULTS"))).split("\n")) {
            if (line.startsWith(name + "\t")) {
                return line.substring(name.length() + 1);
            }
        }
        throw new IllegalArgumentException("the bad server has no fault " + name);
    }

    /** What makes a client trust the bad server. */
    static Map<String, String> trustInFaults() {
        return Map.of("ca_file", variable("TESTPRESS_FAULTS_CA"));
    }

    static Client.Builder faultClient(String name) {
        return Client.builder(fault(name)).options(trustInFaults());
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: run the tests as"
                    + " tests/institute/run target/debug/faults run bindings/java/run-tests");
        }
        return value;
    }
}
