package in.testpress;

/** Asks a session for its token and prints it: with an institute and a store as arguments. */
final class SessionProbe {
    private SessionProbe() {}

    public static void main(String[] arguments) {
        try (Client client = Client.builder(arguments[0])
                        .option("store", arguments[1])
                        .build();
                Session session = new Session(client, "ada", "lovelace")) {
            System.out.println(session.token().jwt());
        } catch (TestpressException e) {
            System.out.println(e.getClass().getSimpleName() + " sent=" + e.requestSent());
        }
    }
}
