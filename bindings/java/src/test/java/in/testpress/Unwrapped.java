package in.testpress;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Waits for a future, and throws what it failed with. */
final class Unwrapped {
    private Unwrapped() {}

    static <T> T get(CompletableFuture<T> future) throws Throwable {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
