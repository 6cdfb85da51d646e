/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.DynaStoreQueue;
import io.dynastore.queue.QueueCount;
import io.dynastore.queue.QueuePage;
import io.dynastore.queue.QueuedItem;
import io.dynastore.store.Call;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes that claim items of one partition, and are killed, or stopped for longer than a claim lasts, at random
 * moments. Items are added as fast as they are done, so that an item never waits behind many others.
 */
final class ClaimProcesses implements AutoCloseable {

    static final Duration TTL = Duration.ofSeconds(3);
    static final Duration SKEW = Duration.ofMillis(500);
    static final int DELIVERIES = 5;

    /** From the end of a poll to the begin of the next one. A take-over takes the time of two polls in addition. */
    static final long POLL = 100;

    /**
     * After the death of its process, another claim of the item passes at this time at the latest. The end of a claim
     * is rounded up to a millisecond, and has passed when the clock shows the next one.
     */
    static final Duration LONGEST_CLAIM = TTL.plus(SKEW).plusMillis(2);

    private static final ClaimIndex INDEX = new ClaimIndex("due", 8);
    /** For each process: as many as it can have in flight. */
    private static final int MOST_WAITING = 10;

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final DynamoDbExtension dynamo;
    private final TableSchema schema;
    private final Random random;
    private final DynaStoreQueue queue;
    private final List<Worker> alive = new ArrayList<>();
    private final ClaimRuns runs = new ClaimRuns();
    private int started;

    ClaimProcesses(DynamoDbExtension dynamo, String table, Random random) {
        this.dynamo = dynamo;
        this.schema = TableSchema.named(table);
        this.random = random;
        this.queue = DynaStoreQueue.builder(dynamo.client(), schema, "jobs")
                .deadPartition("dead")
                .claimIndex(INDEX)
                .clockSkew(SKEW)
                .build();
    }

    /** Whether an item fails at each delivery. */
    static boolean poison(String name) {
        return Math.floorMod(name.hashCode(), 500) == 7;
    }

    /** Whether an item fails at its first delivery. */
    static boolean failsOnce(String name) {
        return Math.floorMod(name.hashCode(), 20) == 3;
    }

    private final class Worker {
        final ChildJvm child;
        final int number = ++started;

        Worker() throws IOException {
            String table = "dynastore:" + schema.table() + "?claimIndex=" + INDEX.name() + "&";
            child = ChildJvm.start(
                    dynamo,
                    ClaimWorkerMain.class,
                    List.of(
                            table + "partitionKeys=jobs&claim=true&onSuccess=delete&deadPartition=dead&claimTtl="
                                    + TTL.toMillis() + "ms&clockSkew=" + SKEW.toMillis() + "ms&maxDeliveries="
                                    + DELIVERIES
                                    + "&claimTableInterval=0&initialDelay=1&delay=" + POLL,
                            table + "operation=update"),
                    line -> runs.reported(number, line));
        }
    }

    /**
     * Runs them until all items are done or dead.
     *
     * @param most the most items to create
     * @param limit after which none is created any more
     * @return what was found to be wrong
     */
    List<String> run(int most, Duration limit, int workers, int kills) throws Exception {
        for (int i = 0; i < workers; i++) {
            alive.add(new Worker());
        }
        DynaStore store = DynaStore.builder(dynamo.client(), schema).build();
        int done = 0;
        int created = 0;
        long begun = System.nanoTime();
        for (double part = 0; part < 1; created++) {
            awaitDone(created - MOST_WAITING * workers);
            CompletableFuture<?> written = store.execute(Call.create(Key.of("jobs", name(created)), "work")
                    .claimIndex(INDEX)
                    .build());
            if (created % 20 == 0) {
                written.join();
            }
            part = Math.max((created + 1.0) / most, (double) (System.nanoTime() - begun) / limit.toNanos());
            if (done < kills && part * kills >= done + 1) {
                done++;
                disturb();
            }
        }
        awaitEmpty();
        Map<String, QueuedItem> dead = dead();
        return runs.check(created, dead);
    }

    private void awaitDone(int count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (runs.done() < count) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("only " + runs.done() + " items were done in time");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    static String name(int number) {
        return "job-%07d".formatted(number);
    }

    private void disturb() throws Exception {
        Worker killed = alive.remove(random.nextInt(alive.size()));
        killed.child.kill();
        runs.killed(killed.number, System.nanoTime());
        Worker paused = alive.get(random.nextInt(alive.size()));
        paused.child.pause();
        runs.paused(paused.number, System.nanoTime());
        new Thread(() -> {
                    LockSupport.parkNanos(PAUSE.toNanos());
                    paused.child.goOn();
                })
                .start();
        alive.add(new Worker());
    }

    private void awaitEmpty() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            QueueCount count = queue.count(100).join();
            if (count.due() + count.delayed() + count.inFlight() == 0) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("left over: " + count);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private Map<String, QueuedItem> dead() {
        Map<String, QueuedItem> dead = new HashMap<>();
        QueuePage page = queue.dead(Map.of(), 1000).join();
        while (true) {
            page.items().forEach(item -> dead.put(String.valueOf(item.key().sortKey()), item));
            if (page.last()) {
                return dead;
            }
            page = queue.dead(page.place(), 1000).join();
        }
    }

    /** The next runs of the items that killed processes had begun. */
    List<ClaimRuns.Takeover> takeovers() {
        return runs.takeovers();
    }

    String summary() {
        return runs.summary();
    }

    @Override
    public void close() {
        Set<Worker> all = new HashSet<>(alive);
        for (Worker worker : all) {
            worker.child.goOn();
            try {
                worker.child.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
