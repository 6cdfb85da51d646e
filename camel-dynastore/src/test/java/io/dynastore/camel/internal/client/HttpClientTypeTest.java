/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.HttpClientType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

class HttpClientTypeTest {

    private static final String CRT = "AwsCommonRuntime";
    private static final String NETTY = "NettyNio";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    @ParameterizedTest
    @CsvSource({"AUTO," + CRT, "CRT," + CRT, "NETTY," + NETTY})
    void optionChoosesTheHttpClient(HttpClientType option, String name) {
        assertThat(nameOf(option)).isEqualTo(name);
    }

    @Test
    void nettyIsUsedIfTheJvmIsGivenATrustStore() {
        System.setProperty(TRUST_STORE, "any.jks");
        try {
            assertThat(nameOf(HttpClientType.AUTO)).isEqualTo(NETTY);
            assertThat(nameOf(HttpClientType.CRT)).isEqualTo(CRT);
        } finally {
            System.clearProperty(TRUST_STORE);
        }
    }

    @Test
    void nettyIsUsedIfTheCrtIsNotOnTheClassPath() throws Exception {
        assertThat(nameWithoutCrt(HttpClientType.AUTO)).isEqualTo(NETTY);
    }

    @Test
    void missingCrtThatIsRequiredIsReportedWithItsRemedy() {
        assertThatThrownBy(() -> nameWithoutCrt(HttpClientType.CRT))
                .rootCause()
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> nameWithoutCrt(HttpClientType.CRT))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("software.amazon.awssdk:aws-crt-client")
                .hasMessageContaining("httpClient=netty");
    }

    @ParameterizedTest
    @CsvSource({"CRT, 1, 2", "CRT, 0, 2", "NETTY, 0, 1", "NETTY, -1, 1"})
    void tooFewEventLoopsAreRefusedByTheNameOfTheOption(HttpClientType client, int threads, int least) {
        DynaStoreConfiguration options = new DynaStoreConfiguration();
        options.setHttpClient(client);
        options.setEventLoopThreads(threads);

        assertThatThrownBy(() -> new HttpClientBuilder(options).buildWithDefaults(AttributeMap.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eventLoopThreads=" + threads)
                .hasMessageContaining(least + " or more");
    }

    private static String nameOf(HttpClientType option) {
        DynaStoreConfiguration options = new DynaStoreConfiguration();
        options.setHttpClient(option);
        try (SdkAsyncHttpClient http = new HttpClientBuilder(options).buildWithDefaults(AttributeMap.empty())) {
            return http.clientName();
        }
    }

    /** The name in a class loader without the AWS CRT. */
    private static String nameWithoutCrt(HttpClientType option) throws Exception {
        WithoutCrt loader = new WithoutCrt();
        Class<?> type = loader.loadClass(HttpClientType.class.getName());
        Method name = loader.loadClass(HttpClientTypeTest.class.getName()).getDeclaredMethod("nameOf", type);
        name.setAccessible(true);
        return String.valueOf(
                name.invoke(null, type.getMethod("valueOf", String.class).invoke(null, option.name())));
    }

    private static final class WithoutCrt extends ClassLoader {

        WithoutCrt() {
            super(HttpClientTypeTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("software.amazon.awssdk.http.crt.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.dynastore.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? own(name) : loaded;
        }

        private Class<?> own(String name) throws ClassNotFoundException {
            try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = Objects.requireNonNull(code).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
