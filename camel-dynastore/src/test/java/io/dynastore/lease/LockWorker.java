/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Acquires locks, writes to the items that they protect, and releases them, until it is stopped. It knows neither the
 * other workers nor the disturbances. The same loop serves a thread and a process.
 */
final class LockWorker {

    private static final String PROTECTED = "protected";

    private final String name;
    private final Locks locks;
    private final DynaStore store;
    private final Setting setting;
    private final Random random;
    private final Ticker ticker;
    private final Log log;

    /**
     * The settings of a worker.
     *
     * @param request how locks are to be held
     * @param keys the locks; every worker always wants the first one
     * @param pass waits while the worker stands still
     * @param killed whether it stops without releasing anything
     * @param stopped whether it finishes
     * @param step the longest duration of one step of work, in milliseconds
     */
    record Setting(
            Supplier<LockRequest.Builder> request, List<Key> keys, Pass pass, Flag killed, Flag stopped, int step) {}

    /** Waits while the worker stands still. */
    @FunctionalInterface
    interface Pass {
        void through() throws InterruptedException;
    }

    /**
     * What a worker reports of its leases. A worker that may be killed at any time has to report each step before it
     * takes it.
     */
    @FunctionalInterface
    interface Log {

        /** It believes to hold the lock from now on. */
        default void begun(Holding holding) {}

        /** It gives the lock up, before the release is sent. */
        default void leaving(Holding holding) {}

        void ended(Holding holding);

        /** The protected item has refused its token. */
        default void fenced(long token) {}
    }

    /** Something that becomes true. */
    @FunctionalInterface
    interface Flag {
        boolean raised();
    }

    LockWorker(String name, Locks locks, DynaStore store, Setting setting, Random random, Ticker ticker, Log log) {
        this.name = name;
        this.locks = locks;
        this.store = store;
        this.setting = setting;
        this.random = random;
        this.ticker = ticker;
        this.log = log;
    }

    void run() throws InterruptedException {
        while (!setting.stopped().raised() && !setting.killed().raised()) {
            setting.pass().through();
            Key key = random.nextBoolean()
                    ? setting.keys().get(0)
                    : setting.keys().get(random.nextInt(setting.keys().size()));
            Optional<Lease> lease =
                    locks.tryLock(setting.request().get().key(key).build());
            if (lease.isPresent()) {
                hold((HeldLease) lease.get(), ticker.nanos());
            }
        }
    }

    private void hold(HeldLease lease, long from) throws InterruptedException {
        log.begun(Holding.of(name, lease, from, lease.term().deadline(), Holding.End.KILLED));
        try {
            work(lease);
        } catch (InterruptedException killed) {
            log.ended(Holding.of(name, lease, from, lease.term().deadline(), Holding.End.KILLED));
            throw killed;
        }
        release(lease, from);
    }

    private void work(HeldLease lease) throws InterruptedException {
        for (int steps = random.nextInt(4); steps > 0 && lease.isHeld(); steps--) {
            setting.pass().through();
            done(write(lease));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(setting.step())));
            if (setting.killed().raised()) {
                throw new InterruptedException();
            }
        }
        setting.pass().through();
    }

    private static void done(CompletableFuture<?> write) throws InterruptedException {
        try {
            write.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void release(HeldLease lease, long from) throws InterruptedException {
        long deadline = lease.term().deadline();
        long now = ticker.nanos();
        long until = now - deadline < 0 && lease.loss().isEmpty() ? now : deadline;
        Holding.End end = Holding.End.RELEASED;
        log.leaving(Holding.of(name, lease, from, until, Holding.End.KILLED));
        try {
            lease.release().get();
        } catch (InterruptedException killed) {
            log.ended(Holding.of(name, lease, from, until, Holding.End.KILLED));
            throw killed;
        } catch (ExecutionException e) {
            end = e.getCause() instanceof LockLostException lost && lost.reason() == LockLostException.Reason.TAKEN
                    ? Holding.End.TAKEN
                    : Holding.End.RAN_OUT;
            // As a careless holder does: the protected item has to refuse. Not waited for, since the worker may be cut
            // off.
            var unused = write(lease);
        }
        log.ended(Holding.of(name, lease, from, until, end));
    }

    /** Writes with the lock's token. The table decides whether that succeeds. */
    private CompletableFuture<?> write(HeldLease lease) {
        return store.execute(
                        Call.put(Key.of(PROTECTED, String.valueOf(lease.key().sortKey())), name)
                                .fencingToken(lease.token())
                                .build())
                .handle((written, refused) -> {
                    // A later holder has written, or the network is bad. The test provokes both.
                    if (refused != null && Failures.cause(refused) instanceof LockLostException) {
                        log.fenced(lease.token());
                    }
                    return written;
                });
    }
}
