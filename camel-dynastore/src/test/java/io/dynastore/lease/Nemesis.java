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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Workers on a few locks, and their disturbances: a bad network, pauses, kills, a cut, clocks that jump, a reaper. */
final class Nemesis implements AutoCloseable {

    /** Longer than a request with its retries, its delay, and the difference of clocks together. */
    private static final Duration IDLE = Duration.ofSeconds(3);

    private static final Duration LATE = Duration.ofMillis(250);
    /**
     * How much longer than the lease and the allowance it may take until a worker and the standby get a lock after
     * healing, because the machine may be busy.
     */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Duration LONGEST_END = Duration.ofSeconds(20);

    private static final int LOCKS = 20;
    private static final int STEP = 20;

    private final DynamoDbExtension dynamo;
    private final Terms terms;
    private final TableSchema schema;
    private final Random random;
    private final SdkAsyncHttpClient netty =
            NettyNioAsyncHttpClient.builder().maxConcurrency(200).build();
    private final List<Worker> workers = new ArrayList<>();
    private final Queue<Holding> holdings = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LockReaper reaper;
    private final WriteTimes writes = new WriteTimes();
    private final Standby standby;
    private volatile boolean stopped;
    private int started;

    /**
     * The settings of one run.
     *
     * @param request how locks are held
     * @param shift how far clocks may be off, in either direction
     * @param reaps whether unused locks are removed
     * @param workers the number of workers at a time
     * @param duration how long they are disturbed
     * @param slack how late a take-over may be, because of the machine
     * @param seed decides all choices except the order of threads
     */
    record Terms(
            Supplier<LockRequest.Builder> request,
            Duration shift,
            boolean reaps,
            int workers,
            Duration duration,
            Duration slack,
            long seed) {

        LockRequest built() {
            return request.get().build();
        }
    }

    Nemesis(DynamoDbExtension dynamo, Terms terms) {
        this.dynamo = dynamo;
        this.terms = terms;
        this.schema = new LockFixture(dynamo).schema;
        this.random = new Random(terms.seed());
        this.reaper = new LockReaper(dynamo, schema.table(), IDLE);
        this.standby =
                new Standby(dynamo, schema, lock(0), terms.request(), writes, new Random(terms.seed()), holdings::add);
    }

    private static Key lock(int number) {
        return Key.of("locks", "lock-" + number);
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
                        .with(Fault.LOSE_RESPONSE, 0.10)
                        .with(Fault.DUPLICATE, 0.05)
                        .withDelaysUpTo(LATE));
        final DynamoDbAsyncClient client = dynamo.clientBuilder()
                .httpClient(http)
                .asyncConfiguration(async -> async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR,
                        gate.before(ForkJoinPool.commonPool())))
                .overrideConfiguration(override -> override.addExecutionInterceptor(writes))
                .build();
        final Locks locks = Locks.builder(client, schema)
                .owner(name)
                .clock(clock)
                .serviceTime(false)
                .timer(gate.before(LeaseThreads.of(client)))
                .executor(gate.before(ForkJoinPool.commonPool()))
                .build();
        final Thread thread = new Thread(this::run, name);
        volatile boolean killed;

        private void run() {
            List<Key> keys = IntStream.range(0, LOCKS).mapToObj(Nemesis::lock).toList();
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

        /** Stops at once, without a release: nothing of it runs any more. */
        void kill() {
            killed = true;
            gate.shutForGood();
            thread.interrupt();
        }
    }

    /** Disturbs, heals, waits until every late request has arrived, and checks. Prints a line. */
    Map<LockChecks.Rule, List<String>> run() throws InterruptedException {
        standby.start();
        IntStream.range(0, terms.workers()).forEach(i -> start());
        long end = System.nanoTime() + terms.duration().toNanos();
        while (System.nanoTime() - end < 0) {
            disturb();
            LockSupport.parkNanos(Duration.ofMillis(50 + random.nextInt(200)).toNanos());
        }
        heal();
        Progress progress = progress();
        stopped = true;
        for (Worker worker : workers) {
            worker.thread.join(LONGEST_END.toMillis());
            worker.http.settle();
        }
        StandbyLog standbyLog = standby.finish(LONGEST_END);
        List<LockChange> changes = LockChange.all(dynamo, schema);
        Takeovers.Terms takeoverTerms = new Takeovers.Terms(terms.built(), terms.slack(), writes::of);
        Takeovers takeovers = Takeovers.of(Holding.name(lock(0)), changes, standbyLog, takeoverTerms);
        Map<LockChecks.Rule, List<String>> broken = LockChecks.check(changes, List.copyOf(holdings), takeovers);
        System.out.println(summary(broken, takeovers, progress));
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.element());
        }
        if (!progress.made()) {
            throw new AssertionError("not all continued after healing: " + progress);
        }
        return broken;
    }

    /**
     * How soon the workers and the standby continued after healing.
     *
     * @param worker when a worker got a lock, in milliseconds; -1 if none did
     * @param standby when the standby got the wanted lock; -1 if it did not
     * @param bound the longest time that either may take
     */
    private record Progress(long worker, long standby, long bound) {

        boolean made() {
            return worker >= 0 && standby >= 0;
        }

        @Override
        public String toString() {
            return "after healing a worker got a lock within " + worker + " ms, the standby the wanted one within "
                    + standby + " ms, bound " + bound + " ms";
        }
    }

    private Progress progress() {
        long healed = System.nanoTime();
        LockRequest request = terms.built();
        Duration bound = request.ttl().plus(request.clockSkew()).plus(SLACK);
        if (request.takeover() == Takeover.CLOCK) {
            // An end far ahead may come from a wrong clock. The clock alone can't detect that.
            bound = bound.plus(terms.shift());
        }
        Progress progress;
        do {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            progress = new Progress(since(healed, false), since(healed, true), bound.toMillis());
        } while (!progress.made() && System.nanoTime() - healed < bound.toNanos());
        return progress;
    }

    /** The time from that point to the first lease that began after it, in milliseconds; -1 if none did. */
    private long since(long start, boolean ofStandby) {
        return holdings.stream()
                .filter(one -> one.worker().equals(Standby.NAME) == ofStandby && one.from() - start > 0)
                .mapToLong(one -> TimeUnit.NANOSECONDS.toMillis(one.from() - start))
                .min()
                .orElse(-1);
    }

    private Duration shift() {
        long most = terms.shift().toMillis();
        return Duration.ofMillis(most == 0 ? 0 : random.nextLong(2 * most + 1) - most);
    }

    private void start() {
        Worker worker = new Worker();
        workers.add(worker);
        worker.thread.setDaemon(true);
        worker.thread.start();
    }

    private void disturb() {
        Worker victim = victim();
        switch (random.nextInt(8)) {
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

    /** Mostly a worker that holds a lock now. */
    private Worker victim() {
        List<Worker> alive = workers.stream().filter(worker -> !worker.killed).toList();
        List<Worker> holding =
                alive.stream().filter(worker -> !worker.locks.held().isEmpty()).toList();
        List<Worker> from = holding.isEmpty() || random.nextInt(4) == 0 ? alive : holding;
        return from.get(random.nextInt(from.size()));
    }

    /** Up to two and a half leases later. */
    private void later(Runnable end) {
        long most = terms.built().ttl().toNanos() * 5 / 2;
        CompletableFuture.delayedExecutor(random.nextLong(most), TimeUnit.NANOSECONDS)
                .execute(end);
    }

    private void heal() {
        workers.stream().filter(worker -> !worker.killed).forEach(worker -> {
            worker.http.heal();
            worker.gate.open();
        });
    }

    private String summary(Map<LockChecks.Rule, List<String>> broken, Takeovers takeovers, Progress progress) {
        return String.format(
                Locale.ROOT,
                "nemesis: seed %d, %s, clocks off by %s, %d workers, %d leases (%d taken away, %d ran out, %d killed),"
                        + " %d locks removed, %s; %s; broken %s",
                terms.seed(),
                terms.built().takeover(),
                terms.shift(),
                started,
                holdings.size(),
                count(Holding.End.TAKEN),
                count(Holding.End.RAN_OUT),
                count(Holding.End.KILLED),
                reaper.removed(),
                takeovers.summary(holdings.stream().map(Holding::holder).collect(Collectors.toSet())),
                progress,
                broken.keySet());
    }

    private long count(Holding.End end) {
        return holdings.stream().filter(one -> one.end() == end).count();
    }

    @Override
    public void close() {
        standby.close();
        workers.forEach(worker -> worker.client.close());
        netty.close();
    }
}
