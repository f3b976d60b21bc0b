package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own, for what is settled once in a process, or before it starts. */
final class ChildJvm {
    private final List<String> prefix = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>(List.of("-Xmx256m"));
    private final Map<String, String> environment = new TreeMap<>(System.getenv());
    private String classPath = System.getProperty("java.class.path");

    ChildJvm() {
        environment.remove("TESTPRESS_LIBRARY");
        if (nativeAccessHasToBeAllowed()) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
        }
    }

    static boolean nativeAccessHasToBeAllowed() {
        return Runtime.version().feature() >= 24;
    }

    /** Started by another command, such as {@code unshare}. */
    ChildJvm under(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    ChildJvm with(String... jvmArguments) {
        arguments.addAll(List.of(jvmArguments));
        return this;
    }

    ChildJvm set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** A copy of all that is on the class path, for readers of less privilege, and without the bundled library. */
    ChildJvm classesIn(Path folder) {
        String separator = File.pathSeparator;
        classPath = Arrays.stream(classPath.split(separator))
                .map(Path::of)
                .filter(Files::exists)
                .map(entry -> copy(entry, folder))
                .collect(Collectors.joining(separator));
        return this;
    }

    private static String copy(Path entry, Path folder) {
        try (Stream<Path> files = Files.walk(entry)) {
            Path root = folder.resolve(Integer.toString(entry.hashCode())).resolve(entry.getFileName());
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = root.resolve(entry.relativize(file).toString());
                if (!file.endsWith("libtestpress.so") && !Files.isDirectory(file)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
            return root.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the main class. */
    Process start(Class<?> main, String... mainArguments) throws IOException {
        return start(main.getName(), mainArguments);
    }

    private Process start(String main, String... mainArguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(arguments);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(mainArguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs the main class, which must end well and leave its standard error empty: what it printed. */
    String run(Class<?> main, String... mainArguments) throws IOException, InterruptedException {
        return finish(start(main, mainArguments));
    }

    /** Runs a class that a test has compiled into a folder, likewise. */
    String run(Path folder, String main) throws IOException, InterruptedException {
        classPath += File.pathSeparator + folder;
        return finish(start(main));
    }

    private static String finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the JVM has to end");
        assertEquals("", errors);
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
