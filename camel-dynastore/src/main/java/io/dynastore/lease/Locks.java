/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The locks of one DynamoDB table.
 *
 * <p>Thread safe. Nothing waits but the methods that say so. The client belongs to whoever gave it, and is not closed here; it has
 * to live longer than this.
 *
 * <pre>{@code
 * try (Locks locks = Locks.builder(client, TableSchema.named("tickets")).build();
 *         Lease lease = locks.lock(LockRequest.of(Key.of("locks", "import")).build())) {
 *     store(batch, lease.token());
 * }
 * }</pre>
 */
public final class Locks implements AutoCloseable {

    private static final int RELEASES_AT_A_TIME = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Locks.class);

    private final LockContext context;
    private final String owner;
    private final Duration closeTimeout;
    private final PendingAcquires pendingAcquires;

    private Locks(LockContext context, String owner, Duration closeTimeout) {
        this.context = context;
        this.pendingAcquires = new PendingAcquires(context);
        this.owner = owner;
        this.closeTimeout = closeTimeout;
    }

    /** Starts locks on a table. The table has to exist when they are used. */
    public static Builder builder(DynamoDbAsyncClient client, TableSchema schema) {
        return new Builder(client, schema);
    }

    /** The table's layout. */
    public TableSchema schema() {
        return context.client().schema();
    }

    /** Who acquires locks here, where a request names nobody. */
    public String owner() {
        return owner;
    }

    /**
     * Acquires a lock.
     *
     * @return fails with {@link LockNotAcquiredException} if somebody else has it when the request's time is up, or the store is out of reach;
     *     with {@link InvalidInputException} if the key doesn't fit the table, or belongs to an ordinary item; with the SDK's own
     *     exception if the service denies access or throttles. Whoever cancels it gives back a lock that is acquired all the same
     */
    public CompletableFuture<Lease> acquire(LockRequest request) {
        return pendingAcquires.handed(() -> new SingleAcquireLoop(context, attempt(request)));
    }

    /**
     * Acquires any free lock of a partition, a pool of work for example. Locks that were never acquired don't exist, and are not found.
     *
     * @param request names the partition, and no sort key
     * @return as {@link #acquire}
     */
    public CompletableFuture<Lease> acquireAny(LockRequest request) {
        return pendingAcquires.handed(() -> new PoolAcquireLoop(context, attempt(request)));
    }

    /**
     * Acquires a lock, and waits for it.
     *
     * @throws LockNotAcquiredException if somebody else has it when the request's time is up, or the store is out of reach
     * @throws InterruptedException if this thread is interrupted; what was acquired meanwhile is given back
     */
    public Lease lock(LockRequest request) throws InterruptedException {
        return pendingAcquires.awaited(() -> new SingleAcquireLoop(context, attempt(request)));
    }

    /**
     * Acquires a lock unless somebody else has it, and waits for the response.
     *
     * @return empty if somebody else has it when the request's time is up, or the store is out of reach
     * @throws InterruptedException if this thread is interrupted; what was acquired meanwhile is given back
     */
    public Optional<Lease> tryLock(LockRequest request) throws InterruptedException {
        try {
            return Optional.of(lock(request));
        } catch (LockNotAcquiredException e) {
            return Optional.empty();
        }
    }

    /** The lease of a lock that is held here by {@link #owner}, or was lost lately. */
    public Optional<Lease> find(Key key) {
        return find(key, owner);
    }

    /** The lease of a lock that is held here by this owner, or was lost lately; never one of another JVM. */
    public Optional<Lease> find(Key key, String lockOwner) {
        return context.leases().find(key, lockOwner).map(lease -> lease);
    }

    /** The leases that are held here. */
    public List<Lease> held() {
        return List.copyOf(context.leases().all());
    }

    /**
     * The locks of a partition, held or free, a page at a time.
     *
     * @param from where the page begins: null at first, then {@link LockPage#next}
     */
    public CompletableFuture<LockPage> list(Object partition, @Nullable Key from) {
        return context.handed(new LockList(context.client(), partition).page(from));
    }

    /** The locks of a partition, held or free, in sort-key order. Reads a page when it comes to it, and waits for it. */
    public Stream<LockInfo> list(Object partition) {
        return new LockList(context.client(), partition).stream();
    }

    /**
     * How far this host's clock is off from DynamoDB's at least: positive if it is ahead, zero while nothing shows it. With more than a
     * request's clockSkew, locks are not taken by the clock.
     */
    public Duration clockOffset() {
        return context.client().clock().offset();
    }

    /**
     * Ends every attempt to acquire, and releases every lock that is held here, each on its own.
     *
     * @return completes when that is done, for each lock at the end of its lease at the latest; never fails. A lock that could not be
     *     released runs out
     */
    public CompletableFuture<Void> closeAsync() {
        return context.handed(closing());
    }

    /** As {@link #closeAsync}, and waits for it, as long as the close time-out says. */
    @Override
    public void close() {
        closeAll(List.of(this), closeTimeout);
    }

    /**
     * Closes several, all at the same time, and waits for them.
     *
     * @param timeout how long to wait, for all together
     */
    public static void closeAll(Collection<Locks> all, Duration timeout) {
        Map<Locks, CompletableFuture<Void>> ends = new HashMap<>();
        all.forEach(locks -> ends.put(locks, locks.closing()));
        try {
            CompletableFuture.allOf(ends.values().toArray(CompletableFuture<?>[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            ends.forEach((locks, end) -> locks.warnUnlessDone(end));
        } catch (ExecutionException e) {
            LOG.warn("Locks were not released", e.getCause());
        }
    }

    private void warnUnlessDone(CompletableFuture<Void> end) {
        if (!end.isDone()) {
            LOG.warn(
                    "Table {}: not all locks were released in time. They run out at the end of their leases.",
                    context.client().tableName());
        }
    }

    private CompletableFuture<Void> closing() {
        List<CompletableFuture<?>> ends = new ArrayList<>(pendingAcquires.close());
        Queue<HeldLease> left = new ConcurrentLinkedQueue<>(context.leases().all());
        for (int lane = 0; lane < RELEASES_AT_A_TIME; lane++) {
            ends.add(releaseAll(left));
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }

    /** One after the other: who sends all at once lets them run into their time limits. */
    private static CompletableFuture<Void> releaseAll(Queue<HeldLease> left) {
        for (HeldLease next = left.poll(); next != null; next = left.poll()) {
            CompletableFuture<Void> end = releasedOrNot(next);
            if (!end.isDone()) {
                return end.thenCompose(done -> releaseAll(left));
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Void> releasedOrNot(HeldLease lease) {
        return lease.released().exceptionally(error -> {
            LOG.warn("{} could not be released: {}", lease, error.getMessage());
            return null;
        });
    }

    private AcquireAttempt attempt(LockRequest request) {
        return context.client().attempt(request, request.owner() == null ? owner : request.owner());
    }

    /** Collects what locks need. Not thread safe. */
    public static final class Builder {
        private final DynamoDbAsyncClient client;
        private final TableSchema schema;
        private @Nullable PayloadCodec codec;
        private @Nullable String owner;
        private Clock clock = Clock.systemUTC();
        private Ticker ticker = Ticker.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private Executor executor = ForkJoinPool.commonPool();
        private LeaseTimer timer = LeaseThreads.shared();
        private Duration closeTimeout = Duration.ofSeconds(10);
        private boolean serviceTime = true;

        private Builder(DynamoDbAsyncClient client, TableSchema schema) {
            this.client = client;
            this.schema = schema;
        }

        /** How the locks' data are encoded. Default: by {@link PayloadCodec#defaultMapper()}, without a class. */
        public Builder codec(PayloadCodec codec) {
            this.codec = codec;
            return this;
        }

        /** Who acquires locks, where a request names nobody. Default: this host and process, and a random part. */
        public Builder owner(String owner) {
            this.owner = owner;
            return this;
        }

        /** The wall clock, which others' leases are compared with. Default: the system's. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** The monotonic clock, which one's own leases are compared with. Default: the JVM's. */
        public Builder ticker(Ticker ticker) {
            this.ticker = ticker;
            return this;
        }

        /** Spreads polling. Default: a generator of each thread's own. Must be thread safe. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * Where listeners run, and futures complete. Default: the common pool; give one of your own if listeners wait for
         * anything.
         */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /** How long {@link Locks#close} waits. Default: 10 seconds. */
        public Builder closeTimeout(Duration timeout) {
            this.closeTimeout = timeout;
            return this;
        }

        /**
         * Whether the date that the service's responses carry corrects a wall clock that contradicts it. Default: true.
         */
        public Builder serviceTime(boolean corrects) {
            this.serviceTime = corrects;
            return this;
        }

        Builder timer(LeaseTimer timer) {
            this.timer = timer;
            return this;
        }

        /** The locks. */
        public Locks build() {
            PayloadCodec used = codec != null ? codec : new PayloadCodec(PayloadCodec.defaultMapper(), null);
            ServiceClock time = new ServiceClock(clock, ticker, serviceTime);
            LockContext context = new LockContext(
                    new LockClient(client, schema, used, time),
                    ticker,
                    timer,
                    executor,
                    random,
                    new Observations(),
                    new HeldLeases());
            return new Locks(context, owner == null ? OwnerNames.unique() : owner, closeTimeout);
        }
    }
}
