package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Text is UTF-8, whatever the platform's charset is. */
class CharsetTest {
    private static final String EXPECTED = "Optional[unicode]\nOptional[unicode]\ntrue\ntrue\n";

    @Test
    void inTheLocaleCWithAnAsciiJvm() throws Exception {
        ChildJvm jvm = new ChildJvm()
                .with("-Dfile.encoding=US-ASCII", "-Dsun.jnu.encoding=ANSI_X3.4-1968")
                .set("LC_ALL", "C");
        assertEquals(EXPECTED, jvm.run(CharsetProbe.class));
    }

    @Test
    void withAJvmOfLatin1() throws Exception {
        ChildJvm jvm = new ChildJvm().with("-Dfile.encoding=ISO-8859-1").set("LANG", "de_DE.ISO-8859-1");
        assertEquals(EXPECTED, jvm.run(CharsetProbe.class));
    }
}
