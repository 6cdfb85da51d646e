/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Workers as processes. Signals of the system kill them, or stop them for longer than their leases. */
final class LockProcesses implements AutoCloseable {

    static final Duration TTL = Duration.ofMillis(1500);
    static final Duration SKEW = Duration.ofMillis(500);
    private static final int LOCKS = 6;

    /** Stands for a lease whose end the process has not reported. */
    private static final long OPEN = TimeUnit.DAYS.toNanos(1);

    private static final Duration STANDBY_TIMEOUT = Duration.ofSeconds(20);
    /** The first lock of the workers. */
    private static final Key WANTED = Key.of("locks", "lock-0");

    private final DynamoDbExtension dynamo;
    private final LockFixture table;
    private final Random random;
    private final long seed;
    private final List<Worker> alive = new ArrayList<>();
    private final List<Worker> all = new ArrayList<>();
    private final AtomicInteger fenced = new AtomicInteger();
    private final Queue<Holding> own = new ConcurrentLinkedQueue<>();
    private final Duration slack;
    private final Standby standby;
    private int kills;
    private int pauses;

    /**
     * The workers of one run.
     *
     * @param slack how late a take-over may be, because of the machine
     */
    LockProcesses(DynamoDbExtension dynamo, Duration slack, long seed) {
        this.dynamo = dynamo;
        this.table = new LockFixture(dynamo);
        this.slack = slack;
        this.seed = seed;
        this.random = new Random(seed);
        this.standby = new Standby(
                dynamo,
                table.schema,
                WANTED,
                LockProcesses::request,
                new ExecutionInterceptor() {},
                new Random(seed),
                own::add);
    }

    /** The request of the workers. */
    static LockRequest.Builder request() {
        return LockRequest.of(Key.of("-", "-"))
                .ttl(TTL)
                .acquireTimeout(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(100))
                .clockSkew(SKEW);
    }

    /** One process, and what it reported. */
    private final class Worker {
        final Map<String, Holding> holdings = new ConcurrentHashMap<>();
        final ChildJvm child;
        volatile long died = Long.MAX_VALUE;

        Worker(int number) throws IOException {
            child = ChildJvm.start(
                    dynamo,
                    LockWorkerMain.class,
                    List.of(
                            table.schema.table(),
                            "worker-" + number,
                            Long.toString(seed + number),
                            Integer.toString(LOCKS)),
                    this::reported);
        }

        private void reported(String line) {
            int space = line.indexOf(' ');
            if (line.startsWith("fenced ")) {
                fenced.incrementAndGet();
            } else if (line.startsWith("begun ") || line.startsWith("leaving ") || line.startsWith("ended ")) {
                Holding holding = Holding.parse(line.substring(space + 1));
                // It may still renew its lease any number of times.
                holdings.put(
                        holding.holder(),
                        line.startsWith("begun ")
                                ? new Holding(
                                        holding.lock(),
                                        holding.worker(),
                                        holding.holder(),
                                        holding.token(),
                                        holding.from(),
                                        holding.from() + OPEN,
                                        holding.end())
                                : holding);
            }
        }

        /**
         * The holding as the process reported it. If it was killed before it could report the end, it believed to hold
         * the lock until it died, or until its lease was over.
         */
        private Holding believed(Holding one, Map<String, Long> ends) {
            return one.until() - one.from() < OPEN
                    ? one
                    : one.until(Math.min(died, ends.getOrDefault(one.holder(), one.until())));
        }

        boolean holds() {
            return holdings.values().stream().anyMatch(one -> one.until() - System.nanoTime() > 0);
        }

        void kill() throws InterruptedException {
            child.kill();
            died = System.nanoTime();
        }
    }

    /** The result of a run. */
    record Result(Map<LockChecks.Rule, List<String>> broken, Takeovers takeovers, int fenced) {}

    /** Disturbs this many workers for this time, lets them finish, checks, and prints a line. */
    Result run(int workers, Duration duration) throws IOException, InterruptedException {
        standby.start();
        for (int i = 0; i < workers; i++) {
            start();
        }
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            park(Duration.ofMillis(300 + random.nextInt(700)));
            disturb();
        }
        for (Worker worker : alive) {
            worker.child.finish();
        }
        return result(standby.finish(STANDBY_TIMEOUT));
    }

    private void start() throws IOException {
        Worker worker = new Worker(all.size() + 1);
        all.add(worker);
        alive.add(worker);
    }

    private void disturb() throws IOException, InterruptedException {
        Worker victim = victim();
        if (random.nextInt(3) == 0) {
            kills++;
            victim.kill();
            alive.remove(victim);
            start();
        } else {
            pauses++;
            victim.child.pause();
            // In two of three cases longer than its lease and the allowance, so that another has the lock when it
            // resumes.
            park(TTL.multipliedBy(random.nextInt(3)).plusMillis(700));
            victim.child.goOn();
        }
    }

    /** A worker that holds a lock now, if there is one. */
    private Worker victim() {
        List<Worker> holding = alive.stream().filter(Worker::holds).toList();
        List<Worker> from = holding.isEmpty() ? alive : holding;
        return from.get(random.nextInt(from.size()));
    }

    private Result result(StandbyLog standbyLog) {
        List<LockChange> changes = LockChange.all(dynamo, table.schema);
        Map<String, Long> ends = ends(changes);
        List<Holding> holdings = Stream.concat(
                        own.stream(), all.stream().flatMap(worker -> worker.holdings.values().stream()
                                .map(one -> worker.believed(one, ends))))
                .toList();
        Takeovers takeovers = Takeovers.of(
                Holding.name(WANTED),
                changes,
                standbyLog,
                new Takeovers.Terms(request().build(), slack, LockProcesses::built));
        Map<LockChecks.Rule, List<String>> broken = LockChecks.check(changes, holdings, takeovers);
        System.out.println(summary(holdings, takeovers, broken));
        return new Result(broken, takeovers, fenced.get());
    }

    /**
     * When the last lease of each holder in the table was over, by {@link System#nanoTime}. A process that was killed
     * believed to hold its lock until then at most. All processes share their clocks.
     */
    private static Map<String, Long> ends(List<LockChange> changes) {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        Map<String, Long> ends = new HashMap<>();
        for (LockChange change : changes) {
            LockItem after = change.after();
            if (after != null && after.holder() != null) {
                ends.put(after.holder(), nanos + TimeUnit.MILLISECONDS.toNanos(after.until() - millis));
            }
        }
        return ends;
    }

    /** All processes share the wall clock, so the end that a holder wrote is exact. */
    private static OptionalLong built(LockItem item) {
        return OptionalLong.of(item.until() - item.lease().toMillis());
    }

    private String summary(List<Holding> holdings, Takeovers takeovers, Map<LockChecks.Rule, List<String>> broken) {
        return String.format(
                Locale.ROOT,
                "processes: seed %d, %d workers, %d leases (%d taken away, %d ran out), %d times kill -9, %d pauses,"
                        + " %d writes with an old token refused, %s; broken %s",
                seed,
                all.size(),
                holdings.size(),
                holdings.stream().filter(one -> one.end() == Holding.End.TAKEN).count(),
                holdings.stream()
                        .filter(one -> one.end() == Holding.End.RAN_OUT)
                        .count(),
                kills,
                pauses,
                fenced.get(),
                takeovers.summary(holdings.stream().map(Holding::holder).collect(Collectors.toSet())),
                broken);
    }

    private static void park(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Override
    public void close() {
        standby.close();
        all.forEach(worker -> worker.child.close());
    }
}
