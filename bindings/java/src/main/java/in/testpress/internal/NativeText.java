package in.testpress.internal;

import com.sun.jna.Pointer;

/** Texts that come out of the library: always UTF-8, whatever the platform's charset. */
public final class NativeText {
    private NativeText() {}

    /** A copy of the text; null for null. */
    public static String read(Pointer text) {
        return text == null ? null : text.getString(0, "UTF-8");
    }
}
