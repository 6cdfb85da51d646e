/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.ClientType;
import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.HttpClientType;
import io.dynastore.store.Item;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Measures how fast many items are read: as a stream, and by a consumer. Each is compared with the SDK's paginator,
 * which converts the values in the same way. Both sides take turns in one process. Prints a line for each turn.
 *
 * <p>Arguments: the number of turns, the port of the endpoint.
 */
final class ReadingTrial implements AutoCloseable {

    private static final int ITEMS = 100_000;
    private static final int PARTITIONS = 20;
    private static final int LEAST_WARM_UPS = Integer.getInteger("warmUps", 15);
    private static final int MOST_WARM_UPS = Integer.getInteger("mostWarmUps", 30);
    private static final boolean WORK = !System.getProperty("work", "true").equals("false");
    private static final int NANOS_OF_WORK = 1_000_000;

    /** The component with the two clients that it can make. */
    private static final List<String> SCHEMES = List.of("dynastore", "lean");

    private static final String STREAMED = "items-" + ITEMS;

    private final DynamoDbAsyncClient asynchronous;
    private final DynamoDbClient blocking;
    private final CamelContext context = new DefaultCamelContext();
    private final AtomicLong work = new AtomicLong();
    private final AtomicLong seen = new AtomicLong();
    private volatile CountDownLatch left = new CountDownLatch(0);

    private interface Reading {
        void run() throws Exception;
    }

    private ReadingTrial(URI endpoint) throws Exception {
        asynchronous = SdkClients.component(endpoint);
        blocking = SdkClients.blocking(endpoint);
        DynaStoreComponent sdk = new DynaStoreComponent();
        sdk.getConfiguration().setDynamoDbAsyncClient(asynchronous);
        context.addComponent("dynastore", sdk);
        context.addComponent("lean", CamelDynaStore.component(endpoint, HttpClientType.CRT, ClientType.AUTO));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String scheme : SCHEMES) {
                    from("direct:" + scheme)
                            .to(scheme + ":" + StubResponses.WITH_WRITE_IDS + "?operation=list&stream=true"
                                    + "&partitionKey=" + STREAMED)
                            .process(exchange -> walk(exchange));
                    from(scheme + ":" + StubResponses.WITH_WRITE_IDS + "?partitionKeys="
                                    + String.join(",", partitions()) + "&concurrentPartitions=" + PARTITIONS
                                    + "&initialDelay=0&delay=3600000")
                            .routeId(scheme)
                            .autoStartup(false)
                            .process(exchange -> work(exchange.getMessage().getBody()));
                }
            }
        });
        context.start();
    }

    public static void main(String[] args) throws Exception {
        int turns = Integer.parseInt(args[0]);
        try (ReadingTrial trial = new ReadingTrial(URI.create("http://localhost:" + args[1]))) {
            JitWarmUp before;
            int warmUps = 0;
            do {
                before = JitWarmUp.now();
                trial.turn("WARM");
                warmUps++;
            } while (warmUps < LEAST_WARM_UPS || (!before.settled() && warmUps < MOST_WARM_UPS));
            for (int turn = 0; turn < turns; turn++) {
                trial.turn("READ");
                // Every other turn: it takes several times as long, and the work dominates its time.
                if (WORK && turn % 2 == 0) {
                    trial.work.set(NANOS_OF_WORK);
                    trial.compare(
                            "READ",
                            "consumer, 1 ms of work",
                            () -> trial.consume(SCHEMES.get(0)),
                            trial::paginatePartitions);
                    trial.work.set(0);
                }
            }
        }
        System.exit(0);
    }

    private void turn(String phase) throws Exception {
        for (String scheme : SCHEMES) {
            String client = scheme.equals("lean") ? ", client=auto" : "";
            compare(phase, "stream" + client, () -> stream(scheme), this::paginate);
            compare(phase, "consumer, no work" + client, () -> consume(scheme), this::paginatePartitions);
        }
    }

    private void compare(String phase, String what, Reading component, Reading paginator) throws Exception {
        double ours = perSecond(component);
        stopConsumers();
        System.out.printf("%s\t%s\t%.1f\t%.1f%n", phase, what, ours, perSecond(paginator));
    }

    private static double perSecond(Reading reading) throws Exception {
        long start = System.nanoTime();
        reading.run();
        return ITEMS * 1e9 / (System.nanoTime() - start);
    }

    private void stream(String scheme) throws Exception {
        seen.set(0);
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.sendBody("direct:" + scheme, "");
        }
        check(seen.get());
    }

    /** Reads the stream within the route, as it ends with its exchange. */
    private void walk(Exchange exchange) {
        Iterator<?> items = exchange.getMessage().getBody(Iterator.class);
        while (items.hasNext()) {
            Item item = (Item) items.next();
            seen.addAndGet(item.version() > 0 ? 1 : 0);
        }
    }

    /** Converts each page while the paginator requests the next one, which it does by default. */
    private void paginate() throws Exception {
        AtomicLong count = new AtomicLong();
        asynchronous
                .queryPaginator(query(STREAMED))
                .subscribe(page -> page.items()
                        .forEach(item -> count.addAndGet(converted(item).version() > 0 ? 1 : 0)))
                .get();
        check(count.get());
    }

    private void consume(String scheme) throws Exception {
        left = new CountDownLatch(ITEMS);
        context.getRouteController().startRoute(scheme);
        left.await();
    }

    /** Not timed: Camel waits for whole seconds if an exchange is still in flight. */
    private void stopConsumers() throws Exception {
        for (String scheme : SCHEMES) {
            context.getRouteController().stopRoute(scheme);
        }
    }

    private void paginatePartitions() throws Exception {
        left = new CountDownLatch(ITEMS);
        ExecutorService threads = Executors.newFixedThreadPool(PARTITIONS);
        List<Future<?>> loops = new ArrayList<>();
        for (String partition : partitions()) {
            loops.add(threads.submit(
                    () -> blocking.queryPaginator(query(partition)).items().forEach(item -> work(converted(item)))));
        }
        for (Future<?> loop : loops) {
            loop.get();
        }
        threads.shutdown();
        check(ITEMS - left.getCount());
    }

    private void work(Object item) {
        seen.addAndGet(item.hashCode());
        if (work.get() > 0) {
            LockSupport.parkNanos(work.get());
        }
        left.countDown();
    }

    private static List<String> partitions() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(number -> "items-" + ITEMS / PARTITIONS + "-" + number)
                .toList();
    }

    private static QueryRequest query(String partition) {
        return QueryRequest.builder()
                .tableName(StubResponses.WITH_WRITE_IDS)
                .keyConditionExpression("#id = :id")
                .expressionAttributeNames(Map.of("#id", "id"))
                .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(partition)))
                .build();
    }

    /** An item in Java types, as an application would convert it. */
    private record ConvertedItem(String id, String name, long version, Map<String, Object> values) {}

    private static ConvertedItem converted(Map<String, AttributeValue> item) {
        Map<String, Object> values = item.entrySet().stream()
                .filter(attribute -> !attribute.getKey().startsWith("_ds"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, attribute -> value(attribute.getValue()), (a, b) -> b, LinkedHashMap::new));
        return new ConvertedItem(
                text(values.get("id")),
                text(values.get("name")),
                ((Number) Objects.requireNonNull(values.get("version"))).longValue(),
                values);
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }

    private static Object value(AttributeValue value) {
        return value.n() == null ? value.s() : (Object) Long.valueOf(value.n());
    }

    private static void check(long count) {
        if (count != ITEMS) {
            throw new IllegalStateException(count + " items in place of " + ITEMS);
        }
    }

    @Override
    public void close() {
        context.stop();
        asynchronous.close();
        blocking.close();
    }
}
