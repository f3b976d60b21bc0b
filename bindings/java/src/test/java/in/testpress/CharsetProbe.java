package in.testpress;

import java.nio.file.Files;
import java.nio.file.Path;

/** Logs in with a password outside ASCII, and prints the name and the server's answers as ASCII. */
final class CharsetProbe {
    private CharsetProbe() {}

    public static void main(String[] arguments) throws Exception {
        String password = "cl\u00e9-\u00e9-\ud83d\udd11";
        String institute = System.getenv("TESTPRESS_INSTITUTE");
        Path authority = Path.of(System.getenv("SSL_CERT_FILE"));
        System.out.println(Testpress.login(institute, "unicode", password).username());
        System.out.println(
                Testpress.login(institute, "unicode", password.toCharArray()).username());
        System.out.println(Files.exists(authority));
        try (Client client = Client.builder("demo")
                .option("ca_file", "/nonexistent/\u00e9.pem")
                .build()) {
            System.out.println(client);
        } catch (InvalidArgumentException e) {
            System.out.println(e.getMessage().contains("/nonexistent/\u00e9.pem"));
        }
    }
}
