package in.testpress.internal;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import in.testpress.LibraryException;
import in.testpress.LibraryException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the native library, checks that it is one that this package can use, and binds {@link Functions} to it.
 *
 * <p>The first of these counts: the system property {@code testpress.library}, the environment variable {@code
 * TESTPRESS_LIBRARY}, the file in this package's jar, the system's {@code libtestpress.so.1}. One of the first two that
 * can't be used is an error: nothing else is tried then.
 */
public final class LoadedLibrary {
    static final String PROPERTY = "testpress.library";
    static final String VARIABLE = "TESTPRESS_LIBRARY";
    private static final String SYSTEM_NAME = "libtestpress.so.1";
    private static final int ABI = 1;
    /** 0.1.0: the first that has every function of {@link Functions}. */
    private static final int OLDEST_VERSION = 1000;
    /** {@code RTLD_NOW}, and not {@code RTLD_GLOBAL}: another copy in the process keeps its functions to itself. */
    private static final Map<String, ?> OPTIONS = Map.of(Library.OPTION_OPEN_FLAGS, 2);

    /** Held for ever: JNA closes a library that nobody holds. */
    private static volatile NativeLibrary loaded;

    private LoadedLibrary() {}

    /**
     * Makes {@link Functions} usable. A failure is found anew at each call, so that none hides behind a {@link
     * NoClassDefFoundError}.
     *
     * @throws LibraryException when there is no library that can be used
     */
    public static void require() {
        if (loaded == null) {
            load();
        }
    }

    private static synchronized void load() {
        if (loaded == null) {
            JnaStart.require();
            NativeLibrary library = find();
            checkAbi(library);
            checkVersion(library);
            bind(library);
            loaded = library;
        }
    }

    private static NativeLibrary find() {
        String property = System.getProperty(PROPERTY, "");
        if (!property.isEmpty()) {
            return openConfigured("the system property " + PROPERTY, property);
        }
        String variable = Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
        if (!variable.isEmpty()) {
            return openConfigured("the environment variable " + VARIABLE, variable);
        }
        return openDefault();
    }

    private static NativeLibrary openConfigured(String setting, String path) {
        try {
            return open(path.contains("/") ? Path.of(path).toAbsolutePath().toString() : path);
        } catch (UnsatisfiedLinkError | RuntimeException e) {
            String message = setting + " names a library that can't be loaded: " + path + " (" + why(e) + ")";
            throw new LibraryException(Reason.NOT_FOUND, message, e);
        }
    }

    private static NativeLibrary openDefault() {
        StringBuilder tried = new StringBuilder("libtestpress can't be loaded. Tried:");
        try {
            Optional<NativeLibrary> bundled = openBundled(tried);
            return bundled.isPresent() ? bundled.get() : open(SYSTEM_NAME);
        } catch (UnsatisfiedLinkError e) {
            tried.append("\n  ")
                    .append(SYSTEM_NAME)
                    .append(" of the system (")
                    .append(why(e))
                    .append(")");
            tried.append("\nInstall libtestpress (make install, then ldconfig), or set the system property ")
                    .append(PROPERTY)
                    .append(" or the environment variable ")
                    .append(VARIABLE)
                    .append(" to the path of libtestpress.so.1.");
            throw new LibraryException(Reason.NOT_FOUND, tried.toString(), e);
        }
    }

    /** Empty when there is none, or it can't be loaded: what happened is added to {@code tried}. */
    private static Optional<NativeLibrary> openBundled(StringBuilder tried) {
        tried.append("\n  ").append(BundledLibrary.RESOURCE).append(" of the jar (");
        try (BundledLibrary bundled = BundledLibrary.extract()) {
            if (bundled == null) {
                tried.append("there is none for this platform)");
                return Optional.empty();
            }
            return Optional.of(open(bundled.path().toString()));
        } catch (IOException | UnsatisfiedLinkError e) {
            tried.append(why(e)).append("; if its directory allows no execution (noexec), set the system property ");
            tried.append("jna.tmpdir to one that does)");
            return Optional.empty();
        }
    }

    private static NativeLibrary open(String name) {
        NativeLibrary library = NativeLibrary.getInstance(name, OPTIONS);
        // JNA goes on to look for files of similar names: a file that was named must be the one.
        if (name.contains("/") && !library.getFile().getPath().equals(name)) {
            library.close();
            throw new UnsatisfiedLinkError(name + ": no library that can be loaded");
        }
        return library;
    }

    /** The loader's own words about the file, without those about what JNA tried after it. */
    private static String why(Throwable failure) {
        Throwable[] attempts = failure.getSuppressed();
        return attempts.length == 0 ? failure.getMessage() : attempts[0].getMessage();
    }

    private static void checkAbi(NativeLibrary library) {
        int abi = number(library, "tp_abi_version");
        if (abi != ABI) {
            String message = library.getFile() + " has ABI " + abi + ", and this package needs ABI " + ABI
                    + ": install the libtestpress and the testpress package that belong together";
            throw new LibraryException(Reason.WRONG_ABI, message, null);
        }
    }

    private static void checkVersion(NativeLibrary library) {
        int version = number(library, "tp_version_number");
        if (version < OLDEST_VERSION) {
            String message = library.getFile() + " is libtestpress " + dotted(version) + ", and this package needs "
                    + dotted(OLDEST_VERSION) + " or newer: install a newer one";
            throw new LibraryException(Reason.TOO_OLD, message, null);
        }
    }

    private static int number(NativeLibrary library, String function) {
        try {
            return library.getFunction(function).invokeInt(new Object[0]);
        } catch (UnsatisfiedLinkError e) {
            String message = library.getFile() + " is not libtestpress: it has no function " + function;
            throw new LibraryException(Reason.NOT_FOUND, message, e);
        }
    }

    private static String dotted(int version) {
        return version / 1_000_000 + "." + version / 1000 % 1000 + "." + version % 1000;
    }

    private static void bind(NativeLibrary library) {
        try {
            Native.register(Functions.class, library);
        } catch (UnsatisfiedLinkError e) {
            String message = library.getFile() + " lacks a function that this package needs (" + e.getMessage() + ")";
            throw new LibraryException(Reason.TOO_OLD, message, e);
        }
    }
}
