/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.testkit.DynamoDbExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand locks in one JVM, in real time. */
class ManyLocksTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int LOCKS = 1000;

    /** Few, so that none of them runs into its time limit on a busy machine. */
    private static final int AT_A_TIME = 10;

    @Test
    void thousandLocksAreKeptByTwoThreads() {
        LockFixture table = new LockFixture(dynamo);
        AtomicInteger losses = new AtomicInteger();
        Set<Thread> before = threads();
        try (Locks locks = Locks.builder(dynamo.client(), table.schema)
                .closeTimeout(Duration.ofSeconds(30))
                .build()) {
            List<Lease> leases = acquired(locks);
            leases.forEach(lease -> lease.onLoss(loss -> losses.incrementAndGet()));
            List<Long> versions = leases.stream().map(Lease::token).toList();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> table.number(leases.get(0).key(), "version") > versions.get(0)
                            && table.number(leases.get(LOCKS - 1).key(), "version") > versions.get(LOCKS - 1));

            assertThat(leases).allMatch(Lease::isHeld);
            assertThat(ofLeases(before)).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(losses).hasValue(0);
        assertThat(dynamo.rawScan(table.schema.table()))
                .hasSize(LOCKS)
                .noneMatch(item -> item.containsKey("_dsholder"));
    }

    private static List<Lease> acquired(Locks locks) {
        List<Lease> leases = new ArrayList<>();
        for (int begin = 0; begin < LOCKS; begin += AT_A_TIME) {
            List<CompletableFuture<Lease>> wanted = IntStream.range(begin, begin + AT_A_TIME)
                    .mapToObj(i -> locks.acquire(LockRequest.of(Key.of("many", "lock-" + i))
                            .ttl(Duration.ofSeconds(15))
                            .build()))
                    .toList();
            wanted.forEach(lease -> leases.add(got(lease)));
        }
        return leases;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    /** What began since and is neither the client's nor the common pool's. */
    private static Set<String> ofLeases(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("dynastore-"))
                .collect(Collectors.toSet());
    }
}
