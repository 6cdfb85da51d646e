/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreEndpoint;
import io.dynastore.camel.LogFile;
import io.dynastore.camel.internal.consumer.ConsumerContract;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The meters that an application gets if it has a Micrometer registry, without further configuration. */
class MicrometerTest extends ConsumerContract {

    private static final String ONE = "partitionKey=customer&sortKey=1&operation=";

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Override
    public void configure(DefaultCamelContext fresh) throws Exception {
        super.configure(fresh);
        fresh.getRegistry().bind("anyName", meters);
    }

    private List<Meter> ours() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("dynastore."))
                .toList();
    }

    private double calls(String operation, String outcome) {
        return meters.get("dynastore.calls")
                .tags("table", table, "operation", operation, "outcome", outcome)
                .functionCounter()
                .count();
    }

    @Test
    void countCallsByTableOperationAndOutcome() throws Exception {
        through("a", Map.of(), store(ONE + "create"));
        through("a", Map.of(), store(ONE + "create"));
        through("a", Map.of(), store(ONE + "create"));
        through("a", Map.of(DynaStoreConstants.EXPECTED_VERSION, 7), store(ONE + "update"));

        assertThat(calls("create", "ok")).isEqualTo(1);
        assertThat(calls("create", "keyExists")).isEqualTo(2);
        assertThat(calls("update", "versionConflict")).isEqualTo(1);
        assertThat(meters.get("dynastore.consumed.capacity")
                        .tags(
                                "table",
                                table,
                                "operation",
                                "create",
                                "location",
                                dynamo.endpoint().toString())
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(ours().stream().map(meter -> meter.getId().getTag("operation")))
                .doesNotContain("delete");
    }

    @Test
    void areRegisteredOnce(@TempDir Path folder) throws Exception {
        try (LogFile log = LogFile.in(folder)) {
            through("a", Map.of(), store(ONE + "create"));
            through("a", Map.of(), store(ONE + "create"));
            through("a", Map.of(), store(ONE + "get"));

            assertThat(calls("create", "ok") + calls("create", "keyExists")).isEqualTo(2);
            assertThat(log.lines()).noneMatch(line -> line.contains("already registered"));
        }
    }

    @Test
    void timeCalls() throws Exception {
        through("a", Map.of(), store(ONE + "put"));
        through("a", Map.of(), store(ONE + "put"));

        var timer =
                meters.get("dynastore.call.duration").tags("operation", "put").timer();
        assertThat(timer.count()).isEqualTo(2);
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(meters.get("dynastore.call.duration.percentile")
                        .tags("operation", "put", "phi", "0.99")
                        .timeGauge()
                        .value(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void reportHowManyLocksAreHeld() throws Exception {
        String locked = store("partitionKey=locks&sortKey=import&operation=lock");
        String from = route((builder, route) -> route.to(locked).process(exchange -> exchange.getMessage()
                .setBody(meters.get("dynastore.locks.held")
                        .tags("table", table)
                        .gauge()
                        .value())));

        assertThat(done(send(from, null, Map.of())).getBody()).isEqualTo(1.0);
        await().untilAsserted(() ->
                assertThat(meters.get("dynastore.locks.held").gauge().value()).isZero());
    }

    @Test
    void countWhatConsumersDeliverUntilTheyStop() throws Exception {
        givenItems("north", 2);
        consume("partitionKeys=north&resume=memory");
        awaitDelivered(2);
        await().untilAsserted(() -> assertThat(meters.get("dynastore.consumer.items")
                        .tags("route", ROUTE, "table", table, "outcome", "succeeded")
                        .functionCounter()
                        .count())
                .isEqualTo(2));

        context.getRouteController().stopRoute(ROUTE);

        assertThat(ours()).extracting(meter -> meter.getId().getName()).doesNotContain("dynastore.consumer.items");
    }

    @Test
    void countTheItemsOfAQueueAndItsClaims() throws Exception {
        givenItems("mails", 3);
        String later = store("operation=create&partitionKey=mails&sortKey=later&deliverAfter=1h");
        done(through("v", Map.of(), later));
        consume(
                "partitionKeys=mails&claim=true&onSuccess=delete&deadPartition=dead&maxDeliveries=1",
                (builder, from) -> from.throwException(new IllegalStateException("no mail today")));
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table))
                .allMatch(item -> item.containsKey("_dsqr") || item.containsKey("_dsqf")));
        awaitDelivered(3);

        await().untilAsserted(() -> assertThat(inQueue("delayed")).isEqualTo(1));
        assertThat(inQueue("due")).isZero();
        assertThat(inQueue("dead") + inQueue("inFlight")).isLessThanOrEqualTo(3);
        assertThat(meters.get("dynastore.queue.oldest.due").timeGauge().value(TimeUnit.SECONDS))
                .isZero();
        assertThat(meters.get("dynastore.claims")
                        .tags("outcome", "claimed", "route", ROUTE)
                        .functionCounter()
                        .count())
                .isEqualTo(3);

        context.getRouteController().stopRoute(ROUTE);

        assertThat(ours()).extracting(meter -> meter.getId().getName()).doesNotContain("dynastore.queue.items");
    }

    @Test
    void countDeadItemsOnceForAllPartitions() throws Exception {
        givenItems("dead", 2);
        consume("partitionKeys=mails,letters&claim=true&onSuccess=delete&deadPartition=dead");

        await().untilAsserted(() -> assertThat(inQueue("dead")).isEqualTo(2));
    }

    private double inQueue(String state) {
        return meters.get("dynastore.queue.items")
                .tags("state", state, "table", table)
                .gauge()
                .value();
    }

    @Test
    void countTheItemsOfAllPollEnrichEndpointsOfATable() throws Exception {
        givenItems("north", 1);
        givenItems("south", 1);
        for (String partition : new String[] {"north", "south"}) {
            String uri = store("partitionKeys=" + partition);
            done(send(route((builder, from) -> from.pollEnrich(uri, 0)), null, Map.of()));
        }
        assertThat(polled()).isEqualTo(2);

        context.getEndpoint(store("partitionKeys=north")).stop();
        assertThat(polled()).isEqualTo(2);

        context.getEndpoint(store("partitionKeys=south")).stop();
        assertThat(ours()).extracting(meter -> meter.getId().getName()).doesNotContain("dynastore.consumer.items");
    }

    private double polled() {
        return meters.get("dynastore.consumer.items")
                .tags("route", "", "table", table, "outcome", "delivered")
                .functionCounter()
                .count();
    }

    @Test
    void endWithTheLastEndpointOfTheirTable() throws Exception {
        through("a", Map.of(), store(ONE + "put"));
        through("a", Map.of(), store(ONE + "put&ttl=1d"));
        List<Endpoint> endpoints = context.getEndpoints().stream()
                .filter(DynaStoreEndpoint.class::isInstance)
                .toList();
        assertThat(endpoints).hasSize(2);

        endpoints.get(0).stop();
        assertThat(calls("put", "ok")).isEqualTo(2);

        endpoints.get(1).stop();
        assertThat(ours()).isEmpty();
    }

    @Test
    void registryOfCamelsNameIsChosenAmongSeveral() throws Exception {
        MeterRegistry named = new SimpleMeterRegistry();
        context.getRegistry().bind("metricsRegistry", named);

        through("a", Map.of(), store(ONE + "put"));

        assertThat(named.find("dynastore.calls").functionCounter()).isNotNull();
        assertThat(ours()).isEmpty();
    }

    @Test
    void severalRegistriesWithoutThatNameAreNotUsed() throws Exception {
        context.getRegistry().bind("another", new SimpleMeterRegistry());

        done(through("a", Map.of(), store(ONE + "put")));

        assertThat(ours()).isEmpty();
    }
}
