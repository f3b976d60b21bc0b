package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of statuses is the header's. */
class StatusTest {
    private static final Pattern DEFINITION = Pattern.compile("#define (TP_E_\\w+) (\\d+)");

    private static Map<String, Integer> header() {
        String header = Surroundings.read(Surroundings.REPOSITORY.resolve("include/testpress.h"));
        Map<String, Integer> statuses = DEFINITION
                .matcher(header)
                .results()
                .collect(Collectors.toMap((MatchResult m) -> m.group(1), m -> Integer.valueOf(m.group(2))));
        return new TreeMap<>(statuses);
    }

    @Test
    void everyStatusOfTheHeaderIsInTheTableAndNoOther() {
        Map<String, Integer> table = new TreeMap<>();
        Arrays.stream(Status.values()).forEach(status -> table.put("TP_E_" + status.name(), status.number));
        assertEquals(header(), table);
    }

    @Test
    void everyStatusHasTheClassThatIsNamedAfterIt() {
        header().forEach((name, number) -> {
            TestpressException exception = Status.exception(new ErrorDetails(number, name, "what happened"));
            assertEquals(className(name), exception.getClass().getSimpleName());
            assertEquals(number, exception.status());
            assertEquals(name, exception.statusName());
        });
    }

    /** {@code TP_E_TOO_MANY_DEVICES}: {@code TooManyDevicesException}. */
    private static String className(String status) {
        return Arrays.stream(status.substring("TP_E_".length()).split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase())
                .collect(Collectors.joining("", "", "Exception"));
    }

    @Test
    void everyStatusIsInTheGroupOfItsTens() {
        Map<Integer, Class<?>> groups = Map.of(
                0, TestpressException.class,
                1, NetworkException.class,
                2, RefusedException.class,
                4, ServerFaultException.class);
        for (Status status : Status.values()) {
            assertSame(
                    groups.get(status.number / 10),
                    status.exception("").getClass().getSuperclass(),
                    status.name());
        }
    }

    @Test
    void aStatusThatIsNewerThanThisPackageIsTheBaseClass() {
        TestpressException exception = Status.exception(new ErrorDetails(39, "TP_E_?", "what happened"));
        assertSame(TestpressException.class, exception.getClass());
        assertEquals(39, exception.status());
    }
}
