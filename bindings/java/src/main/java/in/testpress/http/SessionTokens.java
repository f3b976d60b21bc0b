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

    /** All failures are in the future, as with the HTTP client. */
    @Override
    public CompletableFuture<Token> tokenAsync() {
        try {
            return session.tokenAsync();
        } catch (IllegalStateException closed) {
            return CompletableFuture.failedFuture(closed);
        }
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
        try {
            session.reject(token);
        } catch (IllegalStateException closed) {
            // Meanwhile; the answer may still be the caller's.
        }
    }
}
