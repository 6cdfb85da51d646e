/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Workers on a few locks, and all that is done to them: a bad network, pauses, kills, a cut, clocks that jump, a reaper. */
final class Nemesis implements AutoCloseable {

    /** Longer than a request may take with its retries, and be late, and clocks may differ, together. */
    private static final Duration IDLE = Duration.ofSeconds(3);

    private static final Duration LATE = Duration.ofMillis(250);
    /** For a machine that does much else. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int LOCKS = 20;
    private static final int STEP = 20;

    private final DynamoDbExtension dynamo;
    private final Terms terms;
    private final TableSchema schema;
    private final Random dice;
    private final SdkAsyncHttpClient netty =
            NettyNioAsyncHttpClient.builder().maxConcurrency(200).build();
    private final List<Worker> workers = new ArrayList<>();
    private final Queue<Holding> holdings = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LockReaper reaper;
    private volatile boolean stopped;
    private int started;

    /**
     * The terms of one run.
     *
     * @param request how locks are held
     * @param shift how far clocks may be off, to either side
     * @param reaps whether unused locks are removed
     * @param workers how many there are at a time
     * @param duration how long they are harassed
     * @param seed what all choices follow from, but for the order of threads
     */
    record Terms(
            Supplier<LockRequest.Builder> request,
            Duration shift,
            boolean reaps,
            int workers,
            Duration duration,
            long seed) {}

    Nemesis(DynamoDbExtension dynamo, Terms terms) {
        this.dynamo = dynamo;
        this.terms = terms;
        this.schema = new LockFixture(dynamo).schema;
        this.dice = new Random(terms.seed());
        this.reaper = new LockReaper(dynamo, schema.table(), IDLE);
    }

    /** One worker with a network, a clock and a gate of its own. */
    private final class Worker {
        final String name = "worker-" + ++started;
        final Gate gate = new Gate();
        final ShiftedClock clock = new ShiftedClock(shift());
        final FaultyHttpClient http = new FaultyHttpClient(
                netty,
                FaultPlan.seeded(terms.seed() + started)
                        .with(Fault.DROP, 0.05)
                        .with(Fault.LOSE_ANSWER, 0.10)
                        .with(Fault.DUPLICATE, 0.05)
                        .withDelaysUpTo(LATE));
        final DynamoDbAsyncClient client = dynamo.clientBuilder()
                .httpClient(http)
                .asyncConfiguration(async -> async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR,
                        gate.before(ForkJoinPool.commonPool())))
                .build();
        final Locks locks = Locks.builder(client, schema)
                .owner(name)
                .clock(clock)
                .serviceTime(false)
                .timer(gate.before(LeaseThreads.shared()))
                .executor(gate.before(ForkJoinPool.commonPool()))
                .build();
        final Thread thread = new Thread(this::run, name);
        volatile boolean killed;

        private void run() {
            List<Key> keys = IntStream.range(0, LOCKS)
                    .mapToObj(i -> Key.of("locks", "lock-" + i))
                    .toList();
            LockWorker.Setting setting =
                    new LockWorker.Setting(terms.request(), keys, gate::pass, () -> killed, () -> stopped, STEP);
            DynaStore store = DynaStore.builder(client, schema).build();
            try {
                new LockWorker(
                                name,
                                locks,
                                store,
                                setting,
                                new Random(terms.seed() + name.hashCode()),
                                Ticker.system(),
                                holdings::add)
                        .run();
            } catch (InterruptedException e) {
                // Killed while it waited.
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }

        /** Stops without a word: nothing of it runs any more. */
        void kill() {
            killed = true;
            gate.shutForGood();
            thread.interrupt();
        }
    }

    /** Harasses, heals, waits until all that is late has arrived, and checks. Prints a line. */
    Map<LockChecks.Rule, List<String>> run() throws InterruptedException {
        IntStream.range(0, terms.workers()).forEach(i -> start());
        long end = System.nanoTime() + terms.duration().toNanos();
        while (System.nanoTime() - end < 0) {
            harass();
            LockSupport.parkNanos(Duration.ofMillis(50 + dice.nextInt(200)).toNanos());
        }
        heal();
        int before = holdings.size();
        long healed = System.nanoTime();
        do {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        } while (holdings.size() == before && System.nanoTime() - healed < PATIENCE.toNanos());
        String progress = String.format(
                Locale.ROOT,
                "%d leases in the %d ms after healing",
                holdings.size() - before,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healed));
        boolean none = holdings.size() == before;
        stopped = true;
        for (Worker worker : workers) {
            worker.thread.join(20_000);
            worker.http.settle();
        }
        Map<LockChecks.Rule, List<String>> broken =
                LockChecks.check(LockChange.all(dynamo, schema), List.copyOf(holdings));
        System.out.println(summary(broken, progress));
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.element());
        }
        if (none) {
            throw new AssertionError("nobody got a lock after all was healed");
        }
        return broken;
    }

    private Duration shift() {
        long most = terms.shift().toMillis();
        return Duration.ofMillis(most == 0 ? 0 : dice.nextLong(2 * most + 1) - most);
    }

    private void start() {
        Worker worker = new Worker();
        workers.add(worker);
        worker.thread.setDaemon(true);
        worker.thread.start();
    }

    private void harass() {
        Worker victim = victim();
        switch (dice.nextInt(8)) {
            case 0, 1 -> {
                victim.kill();
                start();
            }
            case 2, 3 -> {
                victim.gate.shut();
                later(victim.gate::open);
            }
            case 4 -> {
                victim.http.cut();
                later(victim.http::heal);
            }
            case 5 -> victim.clock.shift(shift());
            default -> {
                if (terms.reaps()) {
                    reaper.pass();
                }
            }
        }
    }

    /** Mostly one that holds a lock just now: there it hurts. */
    private Worker victim() {
        List<Worker> alive = workers.stream().filter(worker -> !worker.killed).toList();
        List<Worker> holding =
                alive.stream().filter(worker -> !worker.locks.held().isEmpty()).toList();
        List<Worker> from = holding.isEmpty() || dice.nextInt(4) == 0 ? alive : holding;
        return from.get(dice.nextInt(from.size()));
    }

    /** Up to two and a half leases later. */
    private void later(Runnable end) {
        long most = terms.request().get().build().ttl().toNanos() * 5 / 2;
        LeaseThreads.shared()
                .after(dice.nextLong(most), () -> ForkJoinPool.commonPool().execute(end));
    }

    private void heal() {
        workers.stream().filter(worker -> !worker.killed).forEach(worker -> {
            worker.http.heal();
            worker.gate.open();
        });
    }

    private String summary(Map<LockChecks.Rule, List<String>> broken, String progress) {
        return String.format(
                Locale.ROOT,
                "nemesis: seed %d, %s, clocks off by %s, %d workers, %d leases (%d taken away, %d ran out, %d killed), %d locks removed,"
                        + " take-over of the wanted lock after the last heartbeat of a killed holder: %s, %s,"
                        + " broken %s",
                terms.seed(),
                terms.request().get().build().takeover(),
                terms.shift(),
                started,
                holdings.size(),
                count(Holding.End.TAKEN),
                count(Holding.End.RAN_OUT),
                count(Holding.End.KILLED),
                reaper.removed(),
                takeovers(),
                progress,
                broken.keySet());
    }

    /** Median and maximum. */
    private String takeovers() {
        long ttl = terms.request().get().build().ttl().toMillis();
        List<Holding> wanted = holdings.stream()
                .filter(one -> one.lock().endsWith("lock-0"))
                .sorted(Comparator.comparingLong(Holding::from))
                .toList();
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i + 1 < wanted.size(); i++) {
            if (wanted.get(i).end() == Holding.End.KILLED) {
                long late = wanted.get(i + 1).from() - wanted.get(i).until();
                millis.add(ttl + TimeUnit.NANOSECONDS.toMillis(late));
            }
        }
        Collections.sort(millis);
        return millis.isEmpty()
                ? "none"
                : millis.get(millis.size() / 2) + " ms, at most " + millis.get(millis.size() - 1) + " ms of "
                        + millis.size();
    }

    private long count(Holding.End end) {
        return holdings.stream().filter(one -> one.end() == end).count();
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.client.close());
        netty.close();
    }
}
