/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.internal.monitor.MetricsBinder;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** The component on a class path without Micrometer. */
class WithoutMicrometerTest {

    /** Loaded from the narrow class path. No request is sent: a producer sends none at its start. */
    public static final class Route implements Callable<String> {
        @Override
        public String call() throws Exception {
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.start();
                DynaStoreEndpoint endpoint = context.getEndpoint(
                        "dynastore:tickets?region=eu-central-1&accessKey=a&secretKey=b", DynaStoreEndpoint.class);
                endpoint.start();
                return MetricsBinder.of(context) == MetricsBinder.NONE
                        ? endpoint.store().schema().table()
                        : "Micrometer was found";
            }
        }
    }

    private static URL url(String entry) {
        try {
            URI location = Path.of(entry).toUri();
            return location.toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void startsWithoutMeters() throws Exception {
        URL[] narrow = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer"))
                .map(WithoutMicrometerTest::url)
                .toArray(URL[]::new);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(narrow, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            assertThatThrownBy(() -> loader.loadClass(MetricsBinder.PRESENT))
                    .isInstanceOf(ClassNotFoundException.class);

            Object route = loader.loadClass(Route.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();

            assertThat(((Callable<?>) route).call()).isEqualTo("tickets");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
