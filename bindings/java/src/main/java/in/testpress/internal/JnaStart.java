package in.testpress.internal;

import in.testpress.LibraryException;
import in.testpress.LibraryException.Reason;

/** Starts JNA, whose native part is unpacked into a temporary directory and loaded from there. */
final class JnaStart {
    /** The JVM tells the cause once; later uses of the class only say that it could not be initialized. */
    private static LinkageError firstFailure;

    private JnaStart() {}

    /**
     * Makes sure that JNA works.
     *
     * @throws LibraryException when it does not
     */
    static synchronized void require() {
        try {
            Class.forName("com.sun.jna.Native");
        } catch (ClassNotFoundException e) {
            throw failure("it is not there", e);
        } catch (LinkageError e) {
            firstFailure = firstFailure == null ? e : firstFailure;
            throw failure(firstFailure.getMessage(), firstFailure);
        }
    }

    private static LibraryException failure(String why, Throwable cause) {
        String message = "JNA can't be started (" + why + "): net.java.dev.jna:jna has to be on the class path, and its"
                + " temporary directory must allow execution (not be mounted noexec); set the system property"
                + " jna.tmpdir to one that does. " + LoadedLibrary.VARIABLE + " alone does not help: JNA comes first";
        return new LibraryException(Reason.FFI_UNAVAILABLE, message, cause);
    }
}
