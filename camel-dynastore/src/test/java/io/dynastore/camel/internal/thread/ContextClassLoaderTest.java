/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.RouteContract;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route runs with the class loader of the application, whichever HTTP client has brought the response. */
class ContextClassLoaderTest extends RouteContract {

    private static final String ON_SENDER = "onSender";

    private final ClassLoader application =
            new URLClassLoader(new URL[0], getClass().getClassLoader());
    private final Thread sender = Thread.currentThread();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.setApplicationContextClassLoader(application);
    }

    private String own(String http, String options) {
        return store(options + "&region=eu-central-1&accessKey=test&secretKey=test&overrideEndpoint=true"
                + "&uriEndpointOverride=" + dynamo.endpoint() + "&httpClient=" + http);
    }

    /**
     * If the response is there at once, the route continues on the thread of the sender, which is left as it is. So are
     * the threads that the route makes there: they inherit the sender's loader.
     */
    private void note(Exchange exchange) {
        if (Thread.currentThread() == sender) {
            exchange.setProperty(ON_SENDER, true);
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean own = loader == application || exchange.getProperty(ON_SENDER, false, boolean.class);
        seen.add(own ? "application" : String.valueOf(loader));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crt", "netty"})
    void stepBehindACall(String http) throws Exception {
        given("customer", "1", "value");
        String in = route((builder, from) -> from.to(own(http, "operation=get&partitionKey=customer&sortKey=1"))
                .process(this::note)
                .to(own(http, "operation=list&partitionKey=customer&stream=true"))
                .split(builder.body())
                .streaming()
                .parallelProcessing()
                .process(this::note)
                .end()
                .to(own(http, "operation=lock&partitionKey=locks&sortKey=1"))
                .process(this::note));

        done(send(in, null, Map.of()));

        assertThat(seen).hasSize(3).containsOnly("application");
        assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(application);
    }

    @ParameterizedTest
    @CsvSource({"crt, 1", "crt, 3", "netty, 1", "netty, 3"})
    void stepOfAConsumer(String http, int workers) throws Exception {
        for (String partition : new String[] {"a", "b", "c"}) {
            given(partition, "1", "value");
            given(partition, "2", "value");
        }
        RouteBuilder.addRoutes(context, builder -> builder.from(own(
                        http,
                        "partitionKeys=a,b,c&onSuccess=delete&initialDelay=1&delay=20&concurrentPartitions=" + workers))
                .process(this::note)
                .to(own(http, "operation=exists"))
                .process(this::note));

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> stored().isEmpty());
        assertThat(seen).hasSize(12).containsOnly("application");
    }
}
