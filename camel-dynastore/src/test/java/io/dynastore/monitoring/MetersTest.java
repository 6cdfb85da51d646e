/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dynastore.camel.RouteContract;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What Prometheus scrapes of a running application is what docs/operating.md lists.
 *
 * <p>{@code -Ddynastore.monitoring.seconds=600} keeps the application running, and serves its metrics on port
 * {@code dynastore.monitoring.port} (9464) of the local host.
 */
class MetersTest extends RouteContract {

    private static final long SEED = Long.getLong("dynastore.test.seed", 20);
    private static final int SECONDS = Integer.getInteger("dynastore.monitoring.seconds", 0);
    private static final int PORT = Integer.getInteger("dynastore.monitoring.port", 9464);

    /** It needs a service that throttles. */
    private static final Set<String> OTHERS = Set.of("dynastore.throttled");

    private static final Pattern SERIES = Pattern.compile("(?m)^(dynastore_\\w+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    protected void configure(DefaultCamelContext fresh) throws Exception {
        super.configure(fresh);
        fresh.getRegistry().bind("meters", meters);
    }

    @Test
    void prometheusScrapesTheMetersAndTagsOfTheList() throws Exception {
        context.addRoutes(new MonitoredRoutes(table, recorded(), this::store, SEED));
        Map<String, MeterRow> listed = MeterRow.documented();
        listed.keySet().removeAll(OTHERS);
        Set<String> names = new TreeSet<>();
        listed.values().forEach(meter -> names.add(meter.series()));

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(scraped().keySet()).containsAll(names));

        Map<String, Set<String>> scraped = scraped();
        assertThat(listed.values()).allSatisfy(meter -> assertThat(scraped.get(meter.series()))
                .as(meter.name())
                .containsExactlyInAnyOrderElementsOf(meter.tags()));
        assertThat(scraped.keySet())
                .isSubsetOf(listed.values().stream()
                        .map(MeterRow::allSeries)
                        .flatMap(Collection::stream)
                        .toList());
        if (SECONDS > 0) {
            serve();
        }
    }

    /** The tags of each series. */
    private Map<String, Set<String>> scraped() {
        Map<String, Set<String>> tags = new TreeMap<>();
        List<MatchResult> series = SERIES.matcher(meters.scrape()).results().toList();
        for (MatchResult one : series) {
            LABEL.matcher(one.group(2)).results().forEach(label -> tags.computeIfAbsent(
                            one.group(1), first -> new TreeSet<>())
                    .add(label.group(1)));
        }
        return tags;
    }

    private void serve() throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 0);
        server.createContext("/metrics", exchange -> {
            byte[] text = meters.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
        try {
            new CountDownLatch(1).await(SECONDS, TimeUnit.SECONDS);
        } finally {
            server.stop(0);
        }
    }
}
