package in.testpress;

import java.lang.System.Logger.Level;

/** Prints which library was loaded, or why none was: the reason, then the message. Twice: a failure must not wear off. */
final class LoadProbe {
    private LoadProbe() {}

    public static void main(String[] arguments) {
        for (int tries = 0; tries < 2; tries++) {
            try (Client client =
                    Client.builder("demo").log(Level.ERROR, (level, text) -> {}).build()) {
                System.out.println("loaded " + Testpress.libraryVersion() + " for " + client.origin());
            } catch (LibraryException e) {
                System.out.println(e.reason() + " " + e.getMessage());
            }
        }
    }
}
