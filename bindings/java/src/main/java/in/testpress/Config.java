package in.testpress;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import in.testpress.internal.Functions;
import in.testpress.internal.LogForwarder;
import java.nio.CharBuffer;

/** The native configuration that a client is made from. For one thread. */
final class Config implements AutoCloseable {
    private final Pointer config = Functions.tp_config_new();

    void set(String name, String value) {
        PointerByReference error = new PointerByReference();
        try (Argument nameText = Argument.of("the name of an option", CharBuffer.wrap(name));
                Argument valueText = Argument.of("option " + name, CharBuffer.wrap(value))) {
            check(Functions.tp_config_set(config, nameText.pointer(), valueText.pointer(), error), error);
        }
    }

    /** The forwarder must be kept as long as a client made from this is. */
    void setLog(int level, LogForwarder forwarder) {
        Functions.tp_config_set_log(config, level, forwarder, null);
    }

    /** A native client, which is the caller's to free. */
    Pointer newClient(String institute) {
        PointerByReference client = new PointerByReference();
        PointerByReference error = new PointerByReference();
        try (Argument instituteText = Argument.of("institute", CharBuffer.wrap(institute))) {
            check(Functions.tp_client_new(instituteText.pointer(), config, client, error), error);
        }
        return client.getValue();
    }

    private static void check(int status, PointerByReference error) {
        if (status != Status.OK) {
            throw Status.exception(ErrorDetails.take(status, error.getValue()));
        }
    }

    @Override
    public void close() {
        Functions.tp_config_free(config);
    }
}
