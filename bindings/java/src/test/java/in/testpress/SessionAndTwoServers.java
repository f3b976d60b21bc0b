package in.testpress;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A session, the server that it logs in to, and another one that its token is none of. */
public abstract class SessionAndTwoServers {
    protected LoginServer home;
    protected LoginServer elsewhere;
    protected Session session;

    @BeforeEach
    void start() throws IOException {
        home = new LoginServer();
        elsewhere = new LoginServer();
        try (Client client = Client.of(home.origin())) {
            session = new Session(client, "ada", "lovelace");
        }
    }

    @AfterEach
    void stop() {
        session.close();
        home.close();
        elsewhere.close();
    }
}
