package in.testpress.http;

import in.testpress.Token;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where {@link TokenHttp} has its tokens from. */
interface TokenSource {
    Token token() throws InterruptedException;

    CompletableFuture<Token> tokenAsync();

    /** False where no token of this source may go. */
    boolean isFor(URI address);

    /** How often a request may be sent once more with a new token. */
    int renewals();

    /** The server answered 401 to a token. */
    void reject(Token token);

    static TokenSource fixed(Token token) {
        Objects.requireNonNull(token, "token");
        return supplied(() -> token);
    }

    /** A source whose tokens are someone else's to replace. */
    static TokenSource supplied(Supplier<Token> tokens) {
        Objects.requireNonNull(tokens, "tokens");
        return new TokenSource() {
            @Override
            public Token token() {
                return tokens.get();
            }

            @Override
            public CompletableFuture<Token> tokenAsync() {
                return CompletableFuture.completedFuture(tokens.get());
            }

            @Override
            public boolean isFor(URI address) {
                return true;
            }

            @Override
            public int renewals() {
                return 0;
            }

            @Override
            public void reject(Token token) {
                // There is nobody to tell.
            }
        };
    }
}
