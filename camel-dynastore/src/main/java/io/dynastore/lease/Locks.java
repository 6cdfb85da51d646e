/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The locks of one DynamoDB table.
 *
 * <p>Thread safe. Only the methods that say so wait. The client is not closed here, and has to stay open longer than
 * this.
 *
 * <pre>{@code
 * try (Locks locks = Locks.builder(client, TableSchema.named("tickets")).build();
 *         Lease lease = locks.lock(LockRequest.of(Key.of("locks", "import")).build())) {
 *     store(batch, lease.token());
 * }
 * }</pre>
 */
public final class Locks implements AutoCloseable {

    private final LockContext context;
    private final String owner;
    private final Duration closeTimeout;
    private final PendingAcquires pendingAcquires;
    private final LocksShutdown shutdown;

    private Locks(LockContext context, String owner, Duration closeTimeout) {
        this.context = context;
        this.pendingAcquires = new PendingAcquires(context);
        this.shutdown = new LocksShutdown(context, pendingAcquires);
        this.owner = owner;
        this.closeTimeout = closeTimeout;
        context.leases().keepReachable(this);
    }

    /** Starts a builder. The table has to exist when a lock is used, not before. */
    public static Builder builder(DynamoDbAsyncClient client, TableSchema schema) {
        return new Builder(client, schema);
    }

    /** The table's layout. */
    public TableSchema schema() {
        return context.client().schema();
    }

    /** The owner of a lock if the request names none. */
    public String owner() {
        return owner;
    }

    /**
     * Acquires a lock. If the future is cancelled, a lock that is acquired all the same is released.
     *
     * @return fails with {@link LockNotAcquiredException} if another owner has the lock when the time is up, or if the
     *     store is out of reach; with {@link InvalidInputException} if the key doesn't fit the table, or belongs to an
     *     ordinary item; with the SDK's exception if the service denies access or throttles
     */
    public CompletableFuture<Lease> acquire(LockRequest request) {
        return pendingAcquires.handed(() -> new SingleAcquireLoop(context, attempt(request)));
    }

    /**
     * Acquires any free lock of a partition, for example of a pool of work. A lock that was never acquired has no item,
     * and is not found. The request names the partition, and no sort key. Fails as {@link #acquire}.
     */
    public CompletableFuture<Lease> acquireAny(LockRequest request) {
        return pendingAcquires.handed(() -> new PoolAcquireLoop(context, attempt(request)));
    }

    /**
     * Acquires a lock, and waits for it.
     *
     * @throws LockNotAcquiredException if another owner has it when the time is up, or if the store is out of reach
     * @throws InterruptedException if this thread is interrupted; a lock that was acquired meanwhile is released
     */
    public Lease lock(LockRequest request) throws InterruptedException {
        return pendingAcquires.awaited(() -> new SingleAcquireLoop(context, attempt(request)));
    }

    /** As {@link #lock}, but returns empty instead of failing with {@link LockNotAcquiredException}. */
    public Optional<Lease> tryLock(LockRequest request) throws InterruptedException {
        try {
            return Optional.of(lock(request));
        } catch (LockNotAcquiredException e) {
            return Optional.empty();
        }
    }

    /** The lease of a lock that {@link #owner} holds here, or lost a short time ago. */
    public Optional<Lease> find(Key key) {
        return find(key, owner);
    }

    /** The lease of a lock that this owner holds here, or lost a short time ago. Never a lease of another JVM. */
    public Optional<Lease> find(Key key, String lockOwner) {
        return context.leases().find(key, lockOwner).map(lease -> lease);
    }

    /** The leases that are held here. */
    public List<Lease> held() {
        return List.copyOf(context.leases().all());
    }

    /** A page of the locks of a partition, held or free. It begins at null, and later at {@link LockPage#next}. */
    public CompletableFuture<LockPage> list(Object partition, @Nullable Key from) {
        return context.handed(new LockList(context.client(), partition).page(from));
    }

    /**
     * The locks of a partition, held or free, in sort-key order. Reads each page when it is needed, and waits for it.
     */
    public Stream<LockInfo> list(Object partition) {
        return new LockList(context.client(), partition).stream();
    }

    /**
     * Checks that the table is not replicated to other regions without strong consistency, where two regions could have
     * one lock at once. It sends one DescribeTable. No other method does, as a role may lack the permission for it.
     *
     * @return fails with an {@link InvalidInputException} that names the regions, if it is replicated so; with the
     *     SDK's exception if the table can't be described. Global tables of version 2017.11.29 are not found out
     */
    public CompletableFuture<Void> refuseReplicated() {
        return context.handed(context.client().refuseReplicated());
    }

    /**
     * The least difference between this host's clock and DynamoDB's. Positive if the host is ahead, zero while no
     * difference is proven. If it is more than a request's clockSkew, no lock is taken by the clock.
     */
    public Duration clockOffset() {
        return context.client().clock().offset();
    }

    /**
     * Ends every pending acquire, and releases every lock that is held here, each on its own.
     *
     * @return completes when that is done, at the latest when the leases are over; never fails. A lock that could not
     *     be released expires
     */
    public CompletableFuture<Void> closeAsync() {
        return context.handed(shutdown.begin());
    }

    /** As {@link #closeAsync}, and waits for it, at most for the close time-out. */
    @Override
    public void close() {
        closeAll(List.of(this), closeTimeout);
    }

    /** Closes several at the same time, and waits for all of them together, at most for this time. */
    public static void closeAll(Collection<Locks> all, Duration timeout) {
        LocksShutdown.awaitAll(all.stream().map(locks -> locks.shutdown).toList(), timeout);
    }

    private AcquireAttempt attempt(LockRequest request) {
        return context.client().attempt(request, request.owner() == null ? owner : request.owner());
    }

    /** Collects the settings of {@link Locks}. Not thread safe. */
    public static final class Builder {
        private final DynamoDbAsyncClient client;
        private final TableSchema schema;
        private @Nullable PayloadCodec codec;
        private @Nullable String owner;
        private Clock clock = Clock.systemUTC();
        private Ticker ticker = Ticker.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private Executor executor = ForkJoinPool.commonPool();
        private @Nullable LeaseTimer timer;
        private Duration closeTimeout = Duration.ofSeconds(10);
        private boolean serviceTime = true;

        private Builder(DynamoDbAsyncClient client, TableSchema schema) {
            this.client = client;
            this.schema = schema;
        }

        /** How the data of locks are encoded. Default: by {@link PayloadCodec#defaultMapper()}, without a class. */
        public Builder codec(PayloadCodec codec) {
            this.codec = codec;
            return this;
        }

        /** The owner of a lock if the request names none. Default: host, process and a random part. */
        public Builder owner(String owner) {
            this.owner = owner;
            return this;
        }

        /** The wall clock, for the leases of other holders. Default: that of the system. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** The monotonic clock, for the leases that are held here. Default: that of the JVM. */
        public Builder ticker(Ticker ticker) {
            this.ticker = ticker;
            return this;
        }

        /** Spreads polling. Must be thread safe. Default: one generator per thread. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** Runs listeners and completes futures. Default: the common pool. Set your own if a listener waits. */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /** How long {@link Locks#close} waits. Default: 10 seconds. */
        public Builder closeTimeout(Duration timeout) {
            this.closeTimeout = timeout;
            return this;
        }

        /** Whether the date in the responses of the service corrects the wall clock. Default: true. */
        public Builder serviceTime(boolean corrects) {
            this.serviceTime = corrects;
            return this;
        }

        Builder timer(LeaseTimer timer) {
            this.timer = timer;
            return this;
        }

        /** Builds the locks. Nothing is sent. */
        public Locks build() {
            PayloadCodec used = codec != null ? codec : new PayloadCodec(PayloadCodec.defaultMapper(), null);
            ServiceClock time = new ServiceClock(clock, ticker, serviceTime);
            LockClient locks = new LockClient(client, schema, used, time);
            LockContext context =
                    new LockContext(locks, ticker, timer != null ? timer : LeaseThreads.of(client), executor, random);
            return new Locks(context, owner == null ? OwnerNames.unique() : owner, closeTimeout);
        }
    }
}
