/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dynastore.camel.HttpClientType;
import io.dynastore.camel.RouteContract;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An endpoint with an untrusted certificate, with each HTTP client. */
@Timeout(60)
class CertificatesTest extends RouteContract {

    private static final char[] PASSWORD = "not secret".toCharArray();

    private static @Nullable HttpsServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        HttpsServer fresh = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server = fresh;
        fresh.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys.p12"))));
        fresh.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] response = "{}".getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        fresh.start();
    }

    private static SSLContext selfSigned(Path store) throws Exception {
        generateKey(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void generateKey(Path store) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-alias",
                        "server",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @AfterAll
    static void stopServer() {
        Objects.requireNonNull(server).stop(0);
    }

    @Override
    public void configure(DefaultCamelContext fresh) {}

    @ParameterizedTest
    @EnumSource(HttpClientType.class)
    void endpointIsReachedIfAllCertificatesAreTrusted(HttpClientType http) throws Exception {
        assertThat(create(http).getException()).isNull();
    }

    private Exchange create(HttpClientType http) throws Exception {
        String uri =
                store("operation=create&partitionKey=customer&sortKey=1&region=eu-central-1&accessKey=a&secretKey=b"
                        + "&overrideEndpoint=true&uriEndpointOverride=https://localhost:"
                        + Objects.requireNonNull(server).getAddress().getPort() + "&httpClient="
                        + http.name().toLowerCase(Locale.ROOT) + "&trustAllCertificates=true");
        return send(route((builder, from) -> from.to(uri)), "value", Map.of());
    }
}
