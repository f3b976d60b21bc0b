package in.testpress.internal;

import com.sun.jna.Pointer;
import java.lang.System.Logger.Level;
import java.util.function.BiConsumer;

/** Hands the library's log messages to the application's receiver. */
public final class LogForwarder implements Functions.LogCallback {
    private final BiConsumer<Level, String> receiver;

    /** A forwarder to a receiver. */
    public LogForwarder(BiConsumer<Level, String> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void invoke(Pointer context, int level, Pointer message) {
        try {
            receiver.accept(level(level), NativeText.read(message));
        } catch (Throwable ignored) {
            // Nothing may unwind into native code, and a log that fails is no reason for a login to fail.
        }
    }

    private static Level level(int number) {
        switch (number) {
            case 1:
                return Level.ERROR;
            case 2:
                return Level.WARNING;
            case 3:
                return Level.INFO;
            default:
                return Level.DEBUG;
        }
    }

    /** The library's number for a level; 0 for {@link Level#OFF}. */
    public static int number(Level level) {
        switch (level) {
            case OFF:
                return 0;
            case ERROR:
                return 1;
            case WARNING:
                return 2;
            case INFO:
                return 3;
            default:
                return 4;
        }
    }
}
