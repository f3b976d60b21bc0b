package in.testpress.http;

import in.testpress.CancelledException;
import in.testpress.Session;
import in.testpress.Token;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The tokens of a session. */
final class SessionTokens implements TokenSource {
    private final Session session;

    SessionTokens(Session session) {
        this.session = Objects.requireNonNull(session, "session");
    }

    /** An interrupt is what the HTTP client would make of it. */
    @Override
    public Token token() throws InterruptedException {
        try {
            return session.token();
        } catch (CancelledException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException(e.getMessage());
                interrupted.initCause(e);
                throw interrupted;
            }
            throw e;
        }
    }

    @Override
    public CompletableFuture<Token> tokenAsync() {
        return session.tokenAsync();
    }

    @Override
    public boolean isFor(URI address) {
        return session.isFor(address);
    }

    @Override
    public int renewals() {
        return 1;
    }

    @Override
    public void reject(Token token) {
        session.reject(token);
    }
}
