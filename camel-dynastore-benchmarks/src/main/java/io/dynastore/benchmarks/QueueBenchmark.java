/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.store.Call;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.Due;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Measures work queues with an index, on a DynamoDB Local in this process, or on the engine that
 * {@code dynastore.test.endpoint} names: the throughput of one consumer beside a loop that is written by hand on the SDK,
 * with the client that the component makes and with one that it is given; the claims that are refused to several consumers of one partition, the
 * capacity of a finished item, and what a poll reads while many items are delayed or claimed. Prints it.
 *
 * <p>Settings are system properties: {@code rounds}, {@code items} of a round, {@code claimers}, {@code work} of an
 * item in milliseconds for several claimers, and {@code delayed}, the largest number of delayed or claimed items.
 */
final class QueueBenchmark {

    private static final ClaimIndex INDEX = new ClaimIndex("due", 8);
    private static final int CONCURRENT = 10;
    private static final int BATCH = 50;

    /** How the component makes a client. */
    private static final String OWN_CLIENT =
            "&region=eu-central-1&accessKey=test&secretKey=test&overrideEndpoint=true&uriEndpointOverride=";

    private final int rounds = Integer.getInteger("rounds", 5);
    private final int items = Integer.getInteger("items", 3_000);
    private final int claimers = Integer.getInteger("claimers", 8);
    private final int work = Integer.getInteger("work", 20);
    private final int delayed = Integer.getInteger("delayed", 100_000);
    private final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private QueueBenchmark() {}

    public static void main(String[] args) throws Exception {
        new QueueBenchmark().run();
        System.exit(0);
    }

    private void run() throws Exception {
        if (rounds > 0) {
            beside();
        }
        several();
        for (int count = 10; count <= delayed; count *= 10) {
            idle(count, false);
            idle(count, true);
        }
    }

    private String fill(int count, Due due) {
        String table = dynamo.freshName("queue");
        TableSchema schema = TableSchema.named(table);
        new TableCreation(dynamo.client(), schema, INDEX)
                .ensure(Duration.ofSeconds(20))
                .join();
        add(schema, count, due);
        return table;
    }

    private void add(TableSchema schema, int count, Due due) {
        DynaStore store = DynaStore.builder(dynamo.client(), schema).build();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            sent.add(store.execute(Call.create(Key.of("jobs", "job-%07d".formatted(number)), "some work to do")
                    .due(due)
                    .claimIndex(INDEX)
                    .build()));
            if (sent.size() == BATCH) {
                sent.forEach(CompletableFuture::join);
                sent.clear();
            }
        }
        sent.forEach(CompletableFuture::join);
    }

    private DynamoDbAsyncClient client(QueueMeter meter) {
        return dynamo.clientBuilder()
                .overrideConfiguration(override -> override.addExecutionInterceptor(meter))
                .build();
    }

    /** One consumer and one loop, in turn. */
    private void beside() throws Exception {
        double[] ratios = new double[rounds];
        double[] givenRatios = new double[rounds];
        double[] rates = new double[rounds];
        double[] givenRates = new double[rounds];
        double[] loops = new double[rounds];
        QueueMeter meter = new QueueMeter();
        for (int round = -1; round < rounds; round++) {
            if (round == 0) {
                meter = new QueueMeter();
            }
            double loop = loop();
            double given = consumers(1, 0, meter);
            double own = consumers(1, 0, null);
            if (round >= 0) {
                ratios[round] = own / loop;
                givenRatios[round] = given / loop;
                rates[round] = own;
                givenRates[round] = given;
                loops[round] = loop;
            }
        }
        double all = (double) items * rounds;
        System.out.printf(
                Locale.ROOT,
                "one consumer: %s items/s, loop: %s items/s, ratio %s%n",
                shown("%.0f", rates),
                shown("%.0f", loops),
                shown("%.2f", ratios));
        System.out.printf(
                Locale.ROOT,
                "the same over the SDK's client: %s items/s, ratio %s%n",
                shown("%.0f", givenRates),
                shown("%.2f", givenRatios));
        System.out.printf(
                Locale.ROOT,
                "each finished item: %.2f write units of the table, %.2f of the index, %.3f read units, %.3f queries%n",
                meter.tableWrites.sum() / all,
                meter.indexWrites.sum() / all,
                meter.reads.sum() / all,
                meter.queries.sum() / all);
    }

    private double loop() throws Exception {
        String table = fill(items, Due.KEEP);
        try (DynamoDbAsyncClient client = client(new QueueMeter())) {
            long begun = System.nanoTime();
            new ClaimLoop(client, table, INDEX.shards(), CONCURRENT).run(items);
            return items / ((System.nanoTime() - begun) / 1e9);
        }
    }

    /**
     * Consumers, each in a context of its own. Returns how many items they finish in a second.
     *
     * @param meter counts the requests of a client that they are given; null if the component makes its client
     */
    private double consumers(int count, int millis, @Nullable QueueMeter meter) throws Exception {
        String table = fill(items, Due.KEEP);
        CountDownLatch done = new CountDownLatch(items);
        List<DefaultCamelContext> contexts = new ArrayList<>();
        DynamoDbAsyncClient client = meter == null ? null : client(meter);
        try {
            for (int i = 0; i < count; i++) {
                contexts.add(context(client, table, millis, done));
            }
            long begun = System.nanoTime();
            contexts.forEach(DefaultCamelContext::start);
            if (!done.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException(done.getCount() + " items are left");
            }
            return items / ((System.nanoTime() - begun) / 1e9);
        } finally {
            for (DefaultCamelContext context : contexts) {
                context.close();
            }
            if (client != null) {
                client.close();
            }
        }
    }

    private DefaultCamelContext context(
            @Nullable DynamoDbAsyncClient client, String table, int millis, CountDownLatch done) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        if (client != null) {
            context.getRegistry().bind("client", client);
        }
        String uri = "dynastore:" + table + "?partitionKeys=jobs&claim=true&onSuccess=delete&claimIndex=due"
                + "&claimTableInterval=0&initialDelay=1&delay=100&concurrentClaims=" + CONCURRENT
                + (client == null ? OWN_CLIENT + dynamo.endpoint() : "");
        LambdaRouteBuilder route = builder -> {
            var from = builder.from(uri);
            (millis > 0 ? from.delay(millis).asyncDelayed() : from).process(exchange -> done.countDown());
        };
        RouteBuilder.addRoutes(context, route);
        return context;
    }

    private void several() throws Exception {
        for (int millis : new int[] {0, work}) {
            consumers(claimers, millis, new QueueMeter());
            QueueMeter meter = new QueueMeter();
            double rate = consumers(claimers, millis, meter);
            System.out.printf(
                    Locale.ROOT,
                    "%d consumers, %d ms of work: %.0f items/s, %.2f %% of the claims refused, %.3f read units each%n",
                    claimers,
                    millis,
                    rate,
                    100.0 * meter.refused.sum() / (meter.claims.sum() + meter.refused.sum()),
                    meter.reads.sum() / items);
        }
    }

    /** Polls while items wait for an hour, or are claimed for as long. */
    private void idle(int count, boolean claimed) throws Exception {
        String table = fill(0, Due.KEEP);
        wait(TableSchema.named(table), count, claimed);
        QueueMeter meter = new QueueMeter();
        try (DynamoDbAsyncClient client = client(meter);
                DefaultCamelContext context = context(client, table, 0, new CountDownLatch(1))) {
            context.start();
            TimeUnit.SECONDS.sleep(3);
        }
        System.out.printf(
                Locale.ROOT,
                "%d items %s: %d queries examined %d items, %.2f read units for a poll of %d shards%n",
                count,
                claimed ? "claimed" : "delayed",
                meter.queries.sum(),
                meter.examined.sum(),
                meter.reads.sum() / meter.queries.sum() * INDEX.shards(),
                INDEX.shards());
    }

    /** Writes items as a delay or a claim leaves them. */
    private void wait(TableSchema schema, int count, boolean claimed) {
        AttributeValue end = AttributeValue.fromN(
                Long.toString(System.currentTimeMillis() + Duration.ofHours(1).toMillis()));
        List<WriteRequest> batch = new ArrayList<>();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Map<String, AttributeValue> item =
                    new HashMap<>(schema.encode(Key.of("jobs", "job-%07d".formatted(number))));
            item.put(QueueAttributes.SHARD, INDEX.shard(schema, item));
            item.put(QueueAttributes.FROM, end);
            item.put(schema.version(), AttributeValue.fromN("1"));
            item.put(schema.payload(), AttributeValue.fromS("some work to do"));
            if (claimed) {
                item.put(QueueAttributes.HOLDER, AttributeValue.fromS("other/" + number));
                item.put(QueueAttributes.UNTIL, end);
                item.put(QueueAttributes.COUNT, AttributeValue.fromN("1"));
            }
            batch.add(WriteRequest.builder().putRequest(put -> put.item(item)).build());
            if (batch.size() == 25 || number == count - 1) {
                List<WriteRequest> full = List.copyOf(batch);
                batch.clear();
                sent.add(dynamo.client().batchWriteItem(write -> write.requestItems(Map.of(schema.table(), full))));
            }
            if (sent.size() == 10) {
                sent.forEach(CompletableFuture::join);
                sent.clear();
            }
        }
        sent.forEach(CompletableFuture::join);
    }

    private static String shown(String format, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }
}
