/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Waits for one lock and does nothing else. Its network, client and clock are never disturbed. It releases the lock at
 * once when it gets it, and pauses for a moment, so that others get it too. Except for that pause, it could always take
 * the lock.
 */
final class Standby implements AutoCloseable {

    static final String NAME = "standby";

    private static final Duration LONG = Duration.ofHours(12);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(150);
    private static final long MOST_MORE = Duration.ofMillis(150).toNanos();

    private final Key key;
    private final Supplier<LockRequest.Builder> request;
    private final Random random;
    private final Consumer<Holding> log;
    private final List<StandbyLog.Wait> waits = new CopyOnWriteArrayList<>();
    private final List<StandbyLog.Look> looks = new ArrayList<>();
    private final DynamoDbAsyncClient client;
    private final Locks locks;
    private final Thread thread = new Thread(this::run, NAME);
    private long slowest;
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    /**
     * A standby that is not started yet.
     *
     * @param request how it holds the lock
     * @param writes intercepts its requests
     * @param log gets its holdings
     */
    Standby(
            DynamoDbExtension dynamo,
            TableSchema schema,
            Key key,
            Supplier<LockRequest.Builder> request,
            ExecutionInterceptor writes,
            Random random,
            Consumer<Holding> log) {
        this.key = key;
        this.request = request;
        this.random = random;
        this.log = log;
        this.client = dynamo.clientBuilder()
                .overrideConfiguration(override ->
                        override.addExecutionInterceptor(new Looks(schema)).addExecutionInterceptor(writes))
                .build();
        this.locks =
                Locks.builder(client, schema).owner(NAME).serviceTime(false).build();
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets it wait once more, and ends it. */
    StandbyLog finish(Duration timeout) throws InterruptedException {
        stopped = true;
        thread.join(timeout.toMillis());
        if (failure != null) {
            throw new AssertionError("the standby has failed", failure);
        }
        if (thread.isAlive()) {
            throw new AssertionError("the standby did not get the lock though all others had ended");
        }
        synchronized (looks) {
            return new StandbyLog(waits, looks, slowest);
        }
    }

    private void run() {
        try {
            boolean last;
            do {
                last = stopped;
                long from = System.currentTimeMillis();
                Optional<Lease> lease = locks.tryLock(
                        request.get().key(key).acquireTimeout(LONG).build());
                long nanos = System.nanoTime();
                waits.add(new StandbyLog.Wait(from, System.currentTimeMillis()));
                if (lease.isPresent()) {
                    release((HeldLease) lease.get(), nanos);
                }
                LockSupport.parkNanos(LEAST_PAUSE.toNanos() + random.nextLong(MOST_MORE));
            } while (!last);
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private void release(HeldLease lease, long from) throws InterruptedException {
        long deadline = lease.term().deadline();
        long now = System.nanoTime();
        long until = now - deadline < 0 && lease.loss().isEmpty() ? now : deadline;
        Holding.End end = Holding.End.RELEASED;
        try {
            lease.release().get();
        } catch (ExecutionException e) {
            end = e.getCause() instanceof LockLostException lost && lost.reason() == LockLostException.Reason.TAKEN
                    ? Holding.End.TAKEN
                    : Holding.End.RAN_OUT;
        }
        log.accept(Holding.of(NAME, lease, from, until, end));
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        client.close();
    }

    /** Records the version of the lock in every response, and how long the response took. */
    private final class Looks implements ExecutionInterceptor {

        private static final ExecutionAttribute<Long> SENT = new ExecutionAttribute<>("sent");

        private final TableSchema schema;

        Looks(TableSchema schema) {
            this.schema = schema;
        }

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            attributes.putAttribute(SENT, System.nanoTime());
        }

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            time(attributes);
            if (context.response() instanceof GetItemResponse got) {
                record(got.item());
            } else if (context.response() instanceof UpdateItemResponse updated && updated.hasAttributes()) {
                record(updated.attributes());
            }
        }

        @Override
        public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
            time(attributes);
            if (context.exception() instanceof ConditionalCheckFailedException refused && refused.hasItem()) {
                record(refused.item());
            }
        }

        private void time(ExecutionAttributes attributes) {
            Long sent = attributes.getAttribute(SENT);
            long took = sent == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent);
            synchronized (looks) {
                slowest = Math.max(slowest, took);
            }
        }

        private void record(Map<String, AttributeValue> item) {
            long version = LockItem.of(schema, item).version();
            synchronized (looks) {
                looks.add(new StandbyLog.Look(System.currentTimeMillis(), version));
            }
        }
    }
}
