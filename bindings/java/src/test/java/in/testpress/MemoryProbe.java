package in.testpress;

import java.util.Arrays;

/**
 * Reads a password from its input into a {@code char[]}, logs in with it, also in a session, wipes it, says so, and waits: for someone to
 * look for the password in this process.
 */
final class MemoryProbe {
    private MemoryProbe() {}

    public static void main(String[] arguments) throws Exception {
        char[] password = new char[Integer.parseInt(arguments[0])];
        for (int index = 0; index < password.length; index++) {
            // Each character came with its case flipped: the stream's buffer does not have the password.
            password[index] = (char) (System.in.read() ^ 0x20);
        }
        try (Client client = Surroundings.faultClient("ok").build()) {
            client.login("testpress", password);
            client.loginAsync("testpress", password).get();
            try (Session session = new Session(client, "testpress", password)) {
                session.token();
            }
        }
        if (arguments[1].equals("wipe")) {
            Arrays.fill(password, '*');
        }
        System.out.println("done");
        System.in.read();
        Arrays.fill(password, '*');
    }
}
