package in.testpress;

import org.junit.jupiter.api.Test;

/** Clients, tokens and errors that come and go leave memory as it was; {@code run-tests --soak} goes on for longer. */
class LeakTest {
    @Test
    void memoryStaysFlat() throws Exception {
        // The heap is touched from the start and of one size, and the compiler a small one: what grows is native.
        ChildJvm jvm = new ChildJvm()
                .with("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .set("MALLOC_ARENA_MAX", "1")
                .with("-Drepository.root=" + Surroundings.REPOSITORY);
        jvm.run(LeakLoop.class, "1000", "2000");
    }
}
