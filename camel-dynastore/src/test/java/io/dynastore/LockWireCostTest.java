/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.dynamodbv2.AcquireLockOptions;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBLockClient;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBLockClientOptions;
import com.amazonaws.services.dynamodbv2.LockItem;
import io.dynastore.lease.Lease;
import io.dynastore.lease.LockRequest;
import io.dynastore.lease.Locks;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.WireMeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The requests, bytes and capacity units of each step of a lock, to the byte, beside those of AWS's own client for
 * locks.
 */
class LockWireCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Path DOCUMENT = Path.of("../docs/speed.md");
    private static final String OWNER = "worker-1";
    private static final Duration LEASE = Duration.ofSeconds(20);

    /** The table's name is not counted: each request has it once. */
    private record Cost(int requests, long sent, long received, double units) {

        static Cost of(WireMeter bodies, WireMeter charges, String table) {
            return new Cost(
                    bodies.requests(),
                    bodies.sent() - (long) bodies.requests() * table.length(),
                    bodies.received(),
                    charges.units());
        }
    }

    private interface Step {
        void run(boolean charged) throws Exception;
    }

    private final String table = dynamo.table("wire");
    private final WireMeter bodies = new WireMeter(false);
    private final WireMeter charges = new WireMeter(true);

    @Test
    void stepsOfALockCostWhatTheDocumentationSays() throws Exception {
        Map<String, Cost> ours = component();
        Map<String, Cost> theirs = lockClient();

        assertThat(ours.values())
                .allSatisfy(cost -> assertThat(cost.requests()).isEqualTo(1))
                .allSatisfy(cost -> assertThat(cost.units()).isEqualTo(1));
        new GeneratedSection(DOCUMENT, "<!-- lock costs -->\n", "<!-- end of lock costs -->")
                .is(rendered(ours, theirs));
    }

    private Map<String, Cost> component() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        Map<Boolean, Lease> leases = new LinkedHashMap<>();
        try (DynamoDbAsyncClient plain = asynchronous(bodies);
                DynamoDbAsyncClient charged = asynchronous(charges);
                Locks locks = locks(plain);
                Locks chargedLocks = locks(charged)) {
            Step acquire = asked -> leases.put(
                    asked,
                    (asked ? chargedLocks : locks)
                            .acquire(LockRequest.of(key(asked))
                                    .ttl(LEASE)
                                    .heartbeat(false)
                                    .build())
                            .join());
            step(costs, "acquire", acquire);
            step(costs, "renew", asked -> lease(leases, asked).renew().join());
            step(costs, "release", asked -> lease(leases, asked).release().join());
            step(costs, "acquire again", acquire);
        }
        return costs;
    }

    private static Lease lease(Map<Boolean, Lease> leases, boolean charged) {
        return Objects.requireNonNull(leases.get(charged));
    }

    private static Key key(boolean charged) {
        return Key.of("locks", charged ? "nightly-job-1" : "nightly-job-0");
    }

    private DynamoDbAsyncClient asynchronous(WireMeter meter) {
        return dynamo.clientBuilder()
                .overrideConfiguration(override -> override.addExecutionInterceptor(meter))
                .build();
    }

    private Locks locks(DynamoDbAsyncClient client) {
        return Locks.builder(client, TableSchema.named(table)).owner(OWNER).build();
    }

    private Map<String, Cost> lockClient() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        Map<Boolean, LockItem> items = new LinkedHashMap<>();
        try (DynamoDbClient plain = blocking(bodies);
                DynamoDbClient charged = blocking(charges);
                AmazonDynamoDBLockClient locks = lockClient(plain);
                AmazonDynamoDBLockClient chargedLocks = lockClient(charged)) {
            Step acquire = asked -> items.put(
                    asked,
                    (asked ? chargedLocks : locks)
                            .acquireLock(AcquireLockOptions.builder("amazon")
                                    .withSortKey(
                                            Objects.requireNonNull(key(asked).sortKey())
                                                    .toString())
                                    .withDeleteLockOnRelease(false)
                                    .build()));
            step(costs, "acquire", acquire);
            step(costs, "renew", asked -> item(items, asked).sendHeartBeat());
            step(costs, "release", asked -> item(items, asked).close());
            step(costs, "acquire again", acquire);
        }
        return costs;
    }

    private static LockItem item(Map<Boolean, LockItem> items, boolean charged) {
        return Objects.requireNonNull(items.get(charged));
    }

    private DynamoDbClient blocking(WireMeter meter) {
        return DynamoDbClient.builder()
                .endpointOverride(dynamo.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(override -> override.addExecutionInterceptor(meter))
                .build();
    }

    private AmazonDynamoDBLockClient lockClient(DynamoDbClient client) {
        return new AmazonDynamoDBLockClient(AmazonDynamoDBLockClientOptions.builder(client, table)
                .withPartitionKeyName("id")
                .withSortKeyName("name")
                .withOwnerName(OWNER)
                .withTimeUnit(TimeUnit.SECONDS)
                .withLeaseDuration(LEASE.toSeconds())
                .withHeartbeatPeriod(LEASE.toSeconds() / 3)
                .withCreateHeartbeatBackgroundThread(false)
                .build());
    }

    private void step(Map<String, Cost> costs, String name, Step step) throws Exception {
        // What was sent between two steps, as by a client that is closed, belongs to neither.
        bodies.clear();
        charges.clear();
        step.run(false);
        step.run(true);
        costs.put(name, Cost.of(bodies, charges, table));
    }

    private static String rendered(Map<String, Cost> ours, Map<String, Cost> theirs) {
        StringBuilder text = new StringBuilder(
                        "| | requests | bytes sent | received | units | dynamodb-lock-client: requests | sent |"
                                + " received | units |\n")
                .append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        ours.forEach((step, cost) -> text.append("| ")
                .append(step)
                .append(cells(cost))
                .append(cells(Objects.requireNonNull(theirs.get(step))))
                .append(" |\n"));
        return text.toString();
    }

    private static String cells(Cost cost) {
        return String.format(
                Locale.ROOT, " | %d | %d | %d | %.1f", cost.requests(), cost.sent(), cost.received(), cost.units());
    }
}
