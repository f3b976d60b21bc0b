package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import in.testpress.LibraryException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library is loaded, and what is said when it can't be: each in a JVM of its own. */
class LibraryTest {
    private static final Path GOOD = Surroundings.REPOSITORY
            .resolve("target/dist/lib/libtestpress.so.1")
            .toAbsolutePath()
            .normalize();

    @TempDir
    Path folder;

    private ChildJvm jvm;

    @BeforeEach
    void freshJvm() {
        jvm = new ChildJvm();
    }

    /** Runs the probe: what it says, the same both times. */
    private static String outcome(ChildJvm jvm) throws IOException, InterruptedException {
        String output = jvm.run(LoadProbe.class);
        String once = output.substring(0, output.length() / 2);
        assertEquals(once + once, output);
        return once;
    }

    private static void assertReason(Reason reason, String output, String... parts) {
        assertTrue(output.startsWith(reason + " "), output);
        for (String part : parts) {
            assertTrue(output.contains(part), output);
        }
    }

    private static void assertLoaded(String output) {
        assertTrue(output.startsWith("loaded "), output);
    }

    /** A library that has these functions and nothing else. */
    private Path fake(String name, String source) throws IOException, InterruptedException {
        Path library = folder.resolve(name);
        Path code = Files.writeString(folder.resolve(name + ".c"), source);
        Process gcc = new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", library.toString(), code.toString())
                .inheritIO()
                .start();
        assertEquals(0, gcc.waitFor());
        return library;
    }

    @Test
    void theBundledLibraryIsFoundWithoutAnySetting() throws Exception {
        assertLoaded(outcome(jvm));
    }

    @Test
    void theBundledLibraryLeavesNoFileBehind() throws Exception {
        assertLoaded(outcome(jvm.with("-Djna.tmpdir=" + folder)));
        try (Stream<Path> left = Files.list(folder)) {
            List<String> names = left.map(Path::getFileName).map(Path::toString).collect(Collectors.toList());
            assertTrue(names.stream().noneMatch(name -> name.contains("testpress")), names.toString());
        }
    }

    @Test
    void thePropertyCountsBeforeTheVariable() throws Exception {
        jvm.with("-Dtestpress.library=" + GOOD).set("TESTPRESS_LIBRARY", "/nonexistent/libtestpress.so");
        assertLoaded(outcome(jvm));
    }

    @Test
    void theVariableCountsBeforeTheBundledLibrary() throws Exception {
        jvm.set("TESTPRESS_LIBRARY", "/nonexistent/libtestpress.so");
        assertReason(
                Reason.NOT_FOUND,
                outcome(jvm),
                "TESTPRESS_LIBRARY",
                "/nonexistent/libtestpress.so",
                "No such file or directory");
    }

    @Test
    void aPropertyThatCanNotBeUsedIsTheEnd() throws Exception {
        jvm.with("-Dtestpress.library=/nonexistent.so").set("TESTPRESS_LIBRARY", GOOD.toString());
        assertReason(Reason.NOT_FOUND, outcome(jvm), "testpress.library", "/nonexistent.so");
    }

    @Test
    void anEmptySettingIsNone() throws Exception {
        assertLoaded(outcome(jvm.with("-Dtestpress.library=").set("TESTPRESS_LIBRARY", "")));
    }

    @Test
    void theSystemsLibraryIsTheLastResort() throws Exception {
        Files.copy(GOOD, folder.resolve("libtestpress.so.1"));
        jvm.classesIn(Files.createDirectory(folder.resolve("classes"))).set("LD_LIBRARY_PATH", folder.toString());
        assertLoaded(outcome(jvm));
    }

    @Test
    void whereThereIsNoneEveryPlaceIsNamed() throws Exception {
        assertReason(
                Reason.NOT_FOUND,
                outcome(jvm.classesIn(folder)),
                "libtestpress.so of the jar",
                "libtestpress.so.1 of the system",
                "cannot open shared object file",
                "Install libtestpress",
                "TESTPRESS_LIBRARY");
    }

    @Test
    void aTextFileIsNoLibrary() throws Exception {
        Path text =
                Files.writeString(folder.resolve("libtestpress.so"), "This is no library, but a text of some length.");
        // A sibling whose name is longer is not what was asked for.
        Files.copy(GOOD, folder.resolve("libtestpress.so.1"));
        assertReason(Reason.NOT_FOUND, outcome(jvm.set("TESTPRESS_LIBRARY", text.toString())), text.toString());
    }

    @Test
    void aDirectoryIsNoLibrary() throws Exception {
        assertReason(
                Reason.NOT_FOUND,
                outcome(jvm.set("TESTPRESS_LIBRARY", folder.toString())),
                folder.toString(),
                "directory");
    }

    @Test
    void aLibraryOfAnotherKindSaysSo() throws Exception {
        Path other = fake("libother.so", "int other(void) { return 1; }");
        assertReason(
                Reason.NOT_FOUND,
                outcome(jvm.set("TESTPRESS_LIBRARY", other.toString())),
                "is not libtestpress",
                "tp_abi_version");
    }

    @Test
    void aLibraryOfAnotherAbiSaysSo() throws Exception {
        // What this ABI does not have must not be called: it would end the process.
        String source = "#include <stdlib.h>\nint tp_abi_version(void) { return 2; }"
                + " int tp_version_number(void) { abort(); } const char *tp_version(void) { abort(); }";
        Path other = fake("libabi2.so", source);
        assertReason(
                Reason.WRONG_ABI, outcome(jvm.set("TESTPRESS_LIBRARY", other.toString())), "ABI 2", other.toString());
    }

    @Test
    void aLibraryThatIsTooOldSaysSo() throws Exception {
        String source = "int tp_abi_version(void) { return 1; } int tp_version_number(void) { return 999; }";
        Path old = fake("libold.so", source);
        assertReason(
                Reason.TOO_OLD, outcome(jvm.set("TESTPRESS_LIBRARY", old.toString())), "0.0.999", "0.1.0", "newer");
    }

    @Test
    void aLibraryThatLacksFunctionsIsTooOld() throws Exception {
        String source = "int tp_abi_version(void) { return 1; } int tp_version_number(void) { return 1000; }";
        Path old = fake("libfew.so", source);
        assertReason(Reason.TOO_OLD, outcome(jvm.set("TESTPRESS_LIBRARY", old.toString())), "tp_");
    }

    @Test
    void aLibraryThatMayNotBeReadSaysSo() throws Exception {
        Path secret = Files.copy(GOOD, folder.resolve("libtestpress.so.1"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        if (isRoot()) {
            asNobody();
        }
        assertReason(Reason.NOT_FOUND, outcome(jvm.set("TESTPRESS_LIBRARY", secret.toString())), "Permission denied");
    }

    /** Root may read everything. */
    private void asNobody() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        jvm.classesIn(Files.createDirectory(folder.resolve("classes")))
                .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                .set("XDG_CACHE_HOME", "");
    }

    @Test
    void aTemporaryDirectoryWithoutExecutionSaysWhatToSet() throws Exception {
        assumeTrue(isRoot(), "only root can mount a file system");
        under("mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"");
        jvm.with("-Djna.tmpdir=" + folder);
        assertReason(Reason.FFI_UNAVAILABLE, outcome(jvm), "noexec", "jna.tmpdir", folder.toString());
    }

    @Test
    void aDefaultTemporaryDirectoryWithoutExecutionDoesNotMatter() throws Exception {
        assumeTrue(isRoot(), "only root can mount a file system");
        under("mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"");
        assertLoaded(outcome(jvm.with("-Djava.io.tmpdir=" + folder)));
    }

    private void under(String script) {
        jvm.under("unshare", "-m", "sh", "-c", script, folder.toString());
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
