package in.testpress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Creates a client and a session, logs in, and closes them, again and again, prints how the process grew, and fails when that is more
 * than noise: with an argument for the cycles to warm up, and one for those that count.
 */
final class LeakLoop {
    private static final long MOST_KILOBYTES = 512;

    private LeakLoop() {}

    public static void main(String[] arguments) throws IOException {
        cycles(Integer.parseInt(arguments[0]));
        long before = residentKilobytes();
        int counted = Integer.parseInt(arguments[1]);
        cycles(counted);
        long after = residentKilobytes();
        System.out.println(counted + " cycles: " + before + " kB before, " + after + " kB after");
        System.exit(after - before > MOST_KILOBYTES ? 1 : 0);
    }

    private static void cycles(int count) {
        for (int cycle = 0; cycle < count; cycle++) {
            try (Client client = Surroundings.faultClient("ok")
                    .log(System.Logger.Level.DEBUG, (level, text) -> {})
                    .build()) {
                Token token = client.login("testpress", "demo".toCharArray());
                askASession(client);
                // What needs no network costs little: more of it makes a small leak a large one.
                for (int more = 0; more < 4; more++) {
                    Token.fromJwt("demo", token.jwt()).claims();
                    fail(client);
                }
            }
        }
        System.gc();
    }

    private static void askASession(Client client) {
        try (Session session = new Session(client, "testpress", "demo".toCharArray())) {
            session.reject(session.token());
            session.token();
        }
    }

    private static void fail(Client client) {
        try {
            client.login("testpress", "");
            throw new AssertionError("an empty password was taken");
        } catch (InvalidArgumentException expected) {
            // An error lived and was freed.
        }
    }

    private static long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}
