/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A thousand locks in one JVM, in real time: needs a machine with nothing else to do. */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.many.locks", matches = "\\d+")
class ManyLocksTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int LOCKS = Integer.getInteger("dynastore.test.many.locks", 1000);

    /** Few, so that none of them runs into its time limit on a busy machine. */
    private static final int AT_A_TIME = 10;

    private static final Duration TTL = Duration.ofSeconds(15);
    private static final Duration PERIOD = TTL.dividedBy(3);

    /** Long enough to release all of them on a machine that is busy or stands still for a while. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** How long they are held at least. {@code -Ddynastore.test.many.seconds=60} gives a reliable number. */
    private static final Duration HELD = Duration.ofSeconds(Integer.getInteger("dynastore.test.many.seconds", 0));

    @Test
    void manyLocksAreKeptByTwoThreads() {
        LockFixture table = new LockFixture(dynamo);
        AtomicInteger losses = new AtomicInteger();
        Beats beats = new Beats();
        Set<Thread> before = threads();
        try (DynamoDbAsyncClient client = dynamo.clientBuilder()
                        .overrideConfiguration(override -> override.addExecutionInterceptor(beats))
                        .build();
                // Without jitter, so that the test knows when each heartbeat is due.
                Locks locks = Locks.builder(client, table.schema)
                        .random(() -> 0)
                        .closeTimeout(PATIENCE)
                        .build()) {
            List<Lease> leases = acquired(locks);
            long since = System.nanoTime();
            leases.forEach(lease -> lease.onLoss(loss -> losses.incrementAndGet()));
            List<Long> versions = leases.stream().map(Lease::token).toList();
            Awaitility.await()
                    .atMost(HELD.plus(PATIENCE))
                    .until(() -> System.nanoTime() - since >= HELD.toNanos()
                            && table.number(leases.get(0).key(), "version") > versions.get(0)
                            && table.number(leases.get(LOCKS - 1).key(), "version") > versions.get(LOCKS - 1));

            assertThat(leases).allMatch(Lease::isHeld);
            assertThat(ofLeases(before)).hasSizeLessThanOrEqualTo(2);
            System.out.println(LOCKS + " locks with leases of " + TTL + ": threads " + ofLeases(before) + ", " + beats);
            // What one short run on a busy machine shows is no speed.
            if (HELD.toSeconds() > 0) {
                assertThat(beats.latest()).isLessThan(PERIOD.dividedBy(3));
            }
        }
        assertThat(losses).hasValue(0);
        assertThat(dynamo.rawScan(table.schema.table()))
                .hasSize(LOCKS)
                .noneMatch(item -> item.containsKey("_dsholder"));
    }

    /** Measures how much later than a third of its lease each lock is renewed. */
    private static final class Beats implements ExecutionInterceptor {

        private final Map<String, Long> last = new ConcurrentHashMap<>();
        private final Queue<Long> times = new ConcurrentLinkedQueue<>();
        private final AtomicLong latest = new AtomicLong();

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof UpdateItemRequest request
                    && !LockExpressions.RELEASE.equals(request.updateExpression())) {
                long now = System.nanoTime();
                Long before = last.put(request.key().toString(), now);
                if (before != null) {
                    times.add(now);
                    latest.accumulateAndGet(now - before - PERIOD.toNanos(), Math::max);
                }
            }
        }

        Duration latest() {
            return Duration.ofNanos(latest.get());
        }

        @Override
        public String toString() {
            LongSummaryStatistics all =
                    times.stream().mapToLong(Long::longValue).summaryStatistics();
            return String.format(
                    Locale.ROOT,
                    "%d heartbeats, %.0f a second, the latest %d ms after it was due, every %d ms",
                    all.getCount(),
                    all.getCount() * 1e9 / Math.max(1, all.getMax() - all.getMin()),
                    latest().toMillis(),
                    PERIOD.toMillis());
        }
    }

    private static List<Lease> acquired(Locks locks) {
        List<Lease> leases = new ArrayList<>();
        for (int begin = 0; begin < LOCKS; begin += AT_A_TIME) {
            List<CompletableFuture<Lease>> wanted = IntStream.range(begin, begin + AT_A_TIME)
                    .mapToObj(i -> locks.acquire(
                            LockRequest.of(Key.of("many", "lock-" + i)).ttl(TTL).build()))
                    .toList();
            wanted.forEach(lease -> leases.add(got(lease)));
        }
        return leases;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    /** The threads of leases that were started since. */
    private static Set<String> ofLeases(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("dynastore-"))
                .collect(Collectors.toSet());
    }
}
