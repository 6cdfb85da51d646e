/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.store.DynaStore;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Several clients and a foreign program on a few items, over a network that may be bad, and the checks on what came
 * of it.
 *
 * <p>Items are of four sorts, so that each check has something to hold on to: {@code counter} items are only
 * incremented, {@code plain} ones never deleted, {@code churn} ones deleted at an expected version only, {@code
 * loose} ones at any.
 */
final class HistoryWorkload {

    private static final Set<String> WRITES = Set.of("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems");
    private static final int ATTEMPTS = 10;
    private static final double FOREIGN_AFTER_FAULT = 1.0 / 3;
    private static final double FOREIGN_BEFORE_WRITE = 0.3;

    private final Settings settings;
    private final Random between;
    private final FaultyHttpClient http;
    private final String table;
    private final HistoryLog log = new HistoryLog();
    private final AtomicInteger left;
    private final ForeignWriter foreign;
    private final DynamoDbExtension dynamo;

    /**
     * How much.
     *
     * @param clients how many write at the same time
     * @param writes  how many writes they do together, those of the foreign program not counted
     * @param items   how many items of each sort there are
     * @param seed    what the clients' choices follow from
     */
    record Settings(int clients, int writes, int items, long seed) {

        /** As system properties say, or small. */
        static Settings fromProperties(long seed) {
            return new Settings(
                    Integer.getInteger("dynastore.test.history.clients", 4),
                    Integer.getInteger("dynastore.test.history.writes", 800),
                    Integer.getInteger("dynastore.test.history.items", 3),
                    seed);
        }
    }

    HistoryWorkload(DynamoDbExtension dynamo, FaultyHttpClient http, Settings settings) {
        this.dynamo = dynamo;
        this.http = http;
        this.settings = settings;
        this.between = new Random(settings.seed());
        this.left = new AtomicInteger(settings.writes());
        this.table = dynamo.table(
                "history",
                TableSpec.partitionKey("id", ScalarAttributeType.S).sortKey("name", ScalarAttributeType.S).stream());
        this.foreign = new ForeignWriter(dynamo.client(), table, log);
    }

    /** Works, waits until all that is late has arrived, and checks. Prints one line. */
    Report run() throws Exception {
        IntStream.range(0, settings.items()).forEach(i -> foreign.write("counter-" + i));
        http.betweenEach(this::comeInBetween);
        ExecutorService threads = Executors.newFixedThreadPool(settings.clients());
        try (DynamoDbAsyncClient client = dynamo.clientBuilder()
                .httpClient(http)
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(50)))
                        .throttlingBackoffStrategy(
                                BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(50)))))
                .build()) {
            DynaStore store =
                    DynaStore.builder(client, TableSchema.named(table)).build();
            var working = IntStream.range(0, settings.clients())
                    .mapToObj(i ->
                            threads.submit(() -> work(new StoreClient(store, log), new Random(settings.seed() + i))))
                    .toList();
            for (Future<?> one : working) {
                one.get();
            }
            http.settle();
        } finally {
            threads.shutdownNow();
        }
        Report report = HistoryChecks.check(TableHistory.read(dynamo, table), log.operations());
        System.out.println(summary(report));
        report.violations().stream().limit(20).forEach(System.out::println);
        return report;
    }

    /** How many requests the clients sent that write. */
    long writeRequests() {
        return WRITES.stream().mapToLong(http::requests).sum();
    }

    /** How many of these met a fault. */
    long faultedWrites() {
        return WRITES.stream().mapToLong(http::faulted).sum();
    }

    private String summary(Report report) {
        return String.format(
                Locale.ROOT,
                "history: %s, %d requests that write, %d of them faulted, %s: %s",
                settings,
                writeRequests(),
                faultedWrites(),
                http,
                report);
    }

    private void work(StoreClient client, Random dice) {
        while (left.getAndDecrement() > 0) {
            int sort = dice.nextInt(4);
            String item = dice.nextInt(settings.items()) + "";
            switch (sort) {
                case 0 -> count(client, dice, "counter-" + item);
                case 1 -> change(client, dice, "plain-" + item);
                case 2 -> churn(client, dice, "churn-" + item);
                default -> loosen(client, dice, "loose-" + item);
            }
        }
    }

    private void count(StoreClient client, Random dice, String id) {
        StoreClient.Seen read = readThenForeign(client, dice, id);
        while (read == null) {
            read = client.read(id);
        }
        client.increment(id, read);
    }

    private void change(StoreClient client, Random dice, String id) {
        StoreClient.Seen read = readThenForeign(client, dice, id);
        if (read == null) {
            begin(client, dice, id);
            return;
        }
        switch (dice.nextInt(7)) {
            case 0 -> client.write(Kind.CREATE, id, null);
            case 1 -> client.write(Kind.UPDATE, id, null);
            case 2 -> client.write(Kind.PUT, id, null);
            case 3 -> client.write(Kind.PUT, id, read);
            case 4 -> client.writeOnce(Kind.UPDATE, id, null);
            case 5 -> client.writeOnce(Kind.PUT, id, null);
            default -> client.write(Kind.UPDATE, id, read);
        }
    }

    /** Nobody updates an item that he has just found absent. */
    private static void begin(StoreClient client, Random dice, String id) {
        switch (dice.nextInt(4)) {
            case 0 -> client.write(Kind.PUT, id, null);
            case 1 -> client.writeOnce(dice.nextBoolean() ? Kind.PUT : Kind.CREATE, id, null);
            default -> client.write(Kind.CREATE, id, null);
        }
    }

    private void churn(StoreClient client, Random dice, String id) {
        StoreClient.Seen read = readThenForeign(client, dice, id);
        if (read == null) {
            begin(client, dice, id);
        } else if (dice.nextBoolean()) {
            client.delete(id, read, dice.nextBoolean());
        } else {
            client.write(Kind.UPDATE, id, read);
        }
    }

    private void loosen(StoreClient client, Random dice, String id) {
        StoreClient.Seen read = readThenForeign(client, dice, id);
        switch (dice.nextInt(7)) {
            case 0 -> client.delete(id, null, true);
            case 1, 2 -> client.delete(id, null, false);
            case 3, 4 -> begin(client, dice, id);
            default -> {
                if (read == null) {
                    begin(client, dice, id);
                } else {
                    client.write(Kind.UPDATE, id, dice.nextBoolean() ? read : null);
                }
            }
        }
    }

    private StoreClient.@Nullable Seen readThenForeign(StoreClient client, Random dice, String id) {
        StoreClient.Seen read = client.read(id);
        if (dice.nextDouble() < FOREIGN_BEFORE_WRITE) {
            foreignWrite(id);
        }
        return read;
    }

    private void comeInBetween(JsonNode request) {
        JsonNode id = request.findValue("id");
        if (id != null && between.nextDouble() < FOREIGN_AFTER_FAULT) {
            foreignWrite(id.path("S").asText());
        }
    }

    private void foreignWrite(String id) {
        if (id.startsWith("counter-")) {
            foreign.increment(id);
        } else {
            foreign.write(id);
        }
    }
}
