package in.testpress;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port of an address, in one spelling: small letters, and the port always there. */
final class Origin {
    private Origin() {}

    /** Null when the address has no host, or a scheme other than http and https. */
    static String of(URI address) {
        if (address.getScheme() == null || address.getHost() == null) {
            return null;
        }
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : defaultPort(scheme);
        return port < 0 ? null : scheme + "://" + address.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static int defaultPort(String scheme) {
        switch (scheme) {
            case "https":
                return 443;
            case "http":
                return 80;
            default:
                return -1;
        }
    }
}
