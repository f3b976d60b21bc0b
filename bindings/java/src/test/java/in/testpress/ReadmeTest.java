package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README's section "Sessions" compile and run as they stand there. */
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final int EXAMPLES = 4;

    /** What an example has around it. Its own variables hide these. */
    private static final String PROGRAM = """
            package in.testpress.readme;
            import com.github.benmanes.caffeine.cache.*;
            import in.testpress.*;
            import in.testpress.http.TokenHttp;
            import in.testpress.okhttp.TokenInterceptor;
            import java.net.URI;
            import java.net.http.*;
            import java.net.http.HttpResponse.BodyHandlers;
            import java.time.Duration;
            import okhttp3.OkHttpClient;

            public class Example%d {
                static String username = "ada";
                static char[] password = "lovelace".toCharArray();
                static String visitor = "the id of a web session";
                static Client client = Client.of("demo");
                static Session session = new Session(client, username, password);
                static HttpRequest.Builder request = HttpRequest.newBuilder(client.origin());

                public static void main(String[] arguments) throws Exception {
                    %s
                    System.out.println("ran");
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void theExamplesOfSessionsRun() throws Exception {
        List<String> examples = examples();
        assertEquals(EXAMPLES, examples.size());
        for (int number = 0; number < examples.size(); number++) {
            try (LoginServer server = new LoginServer()) {
                String program = String.format(PROGRAM, number, examples.get(number))
                        .replace("\"demo\"", "\"" + server.origin() + "\"");
                assertEquals("ran\n", run("Example" + number, program));
                assertTrue(server.logins() > 0, "nobody logged in:\n" + program);
            }
        }
        assertTrue(Files.isDirectory(folder.resolve("testpress")), "none used the store");
    }

    private static List<String> examples() {
        String readme = Surroundings.read(Surroundings.REPOSITORY.resolve("bindings/java/README.md"));
        String section = readme.split("\n## Sessions\n")[1].split("\n## ")[0];
        return EXAMPLE.matcher(section)
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toList());
    }

    private String run(String name, String program) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve(name + ".java"), program);
        String path = System.getProperty("java.class.path");
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", path, "-d", folder.toString(), source.toString());
        assertEquals(0, compiled, program);
        // The usual store is in a directory of the user's own; here it is the test's.
        return new ChildJvm().set("XDG_RUNTIME_DIR", folder.toString()).run(folder, "in.testpress.readme." + name);
    }
}
