/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes locks, writes under them to what they protect, and releases them, until it is stopped. It knows nothing of the others, nor
 * of what is done to it; the same loop serves a thread and a process.
 */
final class LockWorker {

    private static final String PROTECTED = "protected";

    private final String name;
    private final Locks locks;
    private final DynaStore store;
    private final Setting setting;
    private final Random dice;
    private final Ticker ticker;
    private final Consumer<Holding> log;

    /**
     * What it does.
     *
     * @param request how locks are to be held
     * @param keys the locks; the first is wanted by everybody all the time
     * @param pass stands still while the worker has to
     * @param killed whether it is to leave all as it is
     * @param stopped whether it is to finish
     */
    record Setting(Supplier<LockRequest.Builder> request, List<Key> keys, Pass pass, Flag killed, Flag stopped) {}

    /** Waits while the worker stands still. */
    @FunctionalInterface
    interface Pass {
        void through() throws InterruptedException;
    }

    /** Something that becomes true. */
    @FunctionalInterface
    interface Flag {
        boolean raised();
    }

    LockWorker(
            String name,
            Locks locks,
            DynaStore store,
            Setting setting,
            Random dice,
            Ticker ticker,
            Consumer<Holding> log) {
        this.name = name;
        this.locks = locks;
        this.store = store;
        this.setting = setting;
        this.dice = dice;
        this.ticker = ticker;
        this.log = log;
    }

    void run() throws InterruptedException {
        while (!setting.stopped().raised() && !setting.killed().raised()) {
            setting.pass().through();
            Key key = dice.nextBoolean()
                    ? setting.keys().get(0)
                    : setting.keys().get(dice.nextInt(setting.keys().size()));
            Optional<Lease> lease =
                    locks.tryLock(setting.request().get().key(key).build());
            if (lease.isPresent()) {
                hold((HeldLease) lease.get(), ticker.nanos());
            }
        }
    }

    private void hold(HeldLease lease, long from) throws InterruptedException {
        try {
            work(lease);
        } catch (InterruptedException killed) {
            log.accept(Holding.of(name, lease, from, lease.term().deadline(), Holding.End.KILLED));
            throw killed;
        }
        release(lease, from);
    }

    private void work(HeldLease lease) throws InterruptedException {
        for (int steps = dice.nextInt(4); steps > 0 && lease.isHeld(); steps--) {
            setting.pass().through();
            write(lease);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(dice.nextInt(20)));
            if (setting.killed().raised()) {
                throw new InterruptedException();
            }
        }
        setting.pass().through();
    }

    private void release(HeldLease lease, long from) throws InterruptedException {
        long deadline = lease.term().deadline();
        long now = ticker.nanos();
        long until = now - deadline < 0 && lease.loss().isEmpty() ? now : deadline;
        Holding.End end = Holding.End.RELEASED;
        try {
            lease.release().get();
        } catch (InterruptedException killed) {
            log.accept(Holding.of(name, lease, from, until, Holding.End.KILLED));
            throw killed;
        } catch (ExecutionException e) {
            end = e.getCause() instanceof LockLostException lost && lost.reason() == LockLostException.Reason.TAKEN
                    ? Holding.End.TAKEN
                    : Holding.End.RAN_OUT;
        }
        log.accept(Holding.of(name, lease, from, until, end));
    }

    /** Under the lock's token. Whether it succeeds is for the table to say. */
    private void write(HeldLease lease) throws InterruptedException {
        try {
            store.execute(Call.of(Operation.PUT)
                            .key(Key.of(PROTECTED, String.valueOf(lease.key().sortKey())))
                            .value(name)
                            .fencingToken(lease.token())
                            .build())
                    .get();
        } catch (ExecutionException refused) {
            // A later holder has written, or the network is bad: both are what this is about.
        }
    }
}
