package in.testpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import in.testpress.http.TokenHttp;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real institute answers 401 to a stored token that it has not signed, and the session gets a new one. */
class SessionInstituteTest {
    @TempDir
    Path folder;

    @Test
    void aStoredTokenThatTheServerDoesNotKnowIsReplaced() throws Exception {
        try (Client client = Client.builder(Surroundings.institute())
                .option("store", "file:" + folder.resolve("store"))
                .build()) {
            Token good;
            try (Session session = new Session(client, "testpress", "demo")) {
                good = session.token();
            }
            spoilSignature(good.jwt());
            try (Session session = new Session(client, "testpress", "demo")) {
                Token bad = session.token();
                assertNotEquals(good.jwt(), bad.jwt());
                HttpClient http = trusting(Path.of(System.getenv("SSL_CERT_FILE")));
                assertEquals(401, profile(new TokenHttp(http, bad)).statusCode());
                HttpResponse<String> answer = profile(new TokenHttp(http, session));
                assertEquals(200, answer.statusCode());
                assertTrue(answer.body().contains("\"testpress\""), answer.body());
            }
        }
    }

    private static HttpResponse<String> profile(TokenHttp http) throws Exception {
        String address = Surroundings.institute() + "/api/v2.2/me/";
        return http.send(HttpRequest.newBuilder(java.net.URI.create(address)).build(), BodyHandlers.ofString());
    }

    /** Writes the stored token with another signature, and the file's checksum anew. */
    private void spoilSignature(String jwt) throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("store"))) {
            Path file = files.filter(path -> path.toString().endsWith(".token"))
                    .findFirst()
                    .orElseThrow();
            String[] lines = Files.readString(file).split("\n", 2);
            String spoilt = jwt.substring(0, jwt.lastIndexOf('.')) + ".c2lnbmF0dXJl";
            String record = lines[1].replace(jwt, spoilt);
            String format = lines[0].substring(0, lines[0].lastIndexOf(' ') + 1);
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(record.getBytes(StandardCharsets.UTF_8));
            Files.writeString(file, format + HexFormat.of().formatHex(sum, 0, 16) + "\n" + record);
        }
    }

    /** Java by itself does not look at {@code SSL_CERT_FILE}. */
    private static HttpClient trusting(Path authority) throws Exception {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            authorities.setCertificateEntry("institute", certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
