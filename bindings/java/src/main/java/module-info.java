/** Logs in to a Testpress institute and hands over the {@code Authorization} header of every later request. */
@SuppressWarnings("requires-automatic") // JNA's jar names its module, but has no descriptor.
module in.testpress {
    requires com.sun.jna;
    requires static transitive java.net.http;
    // Not transitive: the compiler would want it for every program that uses this module.
    requires static okhttp3;

    exports in.testpress;
    exports in.testpress.http;
    exports in.testpress.okhttp;

    // JNA looks at the class of the functions and calls the log's callback by reflection.
    opens in.testpress.internal to
            com.sun.jna;
}
