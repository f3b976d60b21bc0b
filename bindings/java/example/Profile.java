import in.testpress.Testpress;
import in.testpress.TestpressException;
import in.testpress.Token;
import in.testpress.http.TokenHttp;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Logs in, and fetches the profile of the user with the JDK's own HTTP client. */
public class Profile {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        String institute = System.getenv("TESTPRESS_INSTITUTE");
        String username = System.getenv("TESTPRESS_USERNAME");
        char[] password = System.getenv("TESTPRESS_PASSWORD").toCharArray();
        try {
            Token token = Testpress.login(institute, username, password);
            OUT.println(profile(token));
            // A real program keeps the header to itself.
            String line = token.header().substring(0, "Authorization: JWT ".length() + 8) + "…";
            OUT.println("Java ok " + token.username().orElse(username) + " " + line);
        } catch (TestpressException e) {
            System.err.println(e.serverMessage().orElse(e.getMessage()));
            System.exit(1);
        }
    }

    private static String profile(Token token) throws Exception {
        TokenHttp http = new TokenHttp(trusting(System.getenv("SSL_CERT_FILE")), token);
        URI address = token.origin().resolve("/api/v2.2/me/");
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(address + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** A client that trusts the authorities in a PEM file, as the login does; Java by itself does not look there. */
    private static HttpClient trusting(String file) throws IOException, GeneralSecurityException {
        if (file == null) {
            return HttpClient.newHttpClient();
        }
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream pem = new FileInputStream(file)) {
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                authorities.setCertificateEntry("authority " + authorities.size(), authority);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
