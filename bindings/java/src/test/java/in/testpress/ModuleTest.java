package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is a module uses this package as one, with neither OkHttp nor java.net.http at its side. */
class ModuleTest {
    private static final String DESCRIPTOR = "module program { requires in.testpress; }";
    private static final String PROGRAM = """
            package program;
            public class Main {
                public static void main(String[] arguments) {
                    try (var client = in.testpress.Client.builder("http://127.0.0.1:1")
                            .option("retries", "0")
                            .log(System.Logger.Level.DEBUG, (level, text) -> logged++)
                            .build()) {
                        client.login("testpress", "demo");
                    } catch (in.testpress.ConnectException e) {
                        System.out.println(e.statusName() + " " + (logged > 0));
                    }
                }
                static int logged;
            }
            """;

    @TempDir
    Path folder;

    @Test
    void aModuleLogsIn() throws Exception {
        String path = modulePath();
        Path descriptor = Files.writeString(folder.resolve("module-info.java"), DESCRIPTOR);
        Path program = Files.writeString(folder.resolve("Main.java"), PROGRAM);
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-p", path, "-d", folder.toString(), descriptor.toString(), program.toString());
        assertEquals(0, compiled);
        assertEquals("TP_E_CONNECT true\n", run(path + File.pathSeparator + folder));
    }

    private static String run(String path) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-p", path));
        if (ChildJvm.nativeAccessHasToBeAllowed()) {
            command.add("--enable-native-access=com.sun.jna");
        }
        command.addAll(List.of("-m", "program/program.Main"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** This package and JNA. */
    private static String modulePath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith("classes") && !entry.endsWith("test-classes") || entry.contains("jna"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
