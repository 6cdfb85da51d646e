/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A {@link LockWorker} as a program. Writes a line for each step of each lease, before the step. */
final class LockWorkerMain {

    /** Long enough for a signal of the parent to arrive while a lock is held. */
    private static final int STEP = 300;

    private LockWorkerMain() {}

    /**
     * Works until its standard input ends.
     *
     * @param arguments table, name, seed, number of locks
     */
    public static void main(String[] arguments) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread end = new Thread(() -> {
            ChildJvm.awaitEnd();
            stopped.set(true);
        });
        end.setDaemon(true);
        end.start();
        TableSchema schema = TableSchema.named(arguments[0]);
        String name = arguments[1];
        long seed = Long.parseLong(arguments[2]);
        List<Key> keys = IntStream.range(0, Integer.parseInt(arguments[3]))
                .mapToObj(i -> Key.of("locks", "lock-" + i))
                .toList();
        LockWorker.Setting setting =
                new LockWorker.Setting(LockProcesses::request, keys, () -> {}, () -> false, stopped::get, STEP);
        try (DynamoDbAsyncClient client =
                        DynamoDbExtension.create().clientBuilder().build();
                Locks locks = Locks.builder(client, schema).owner(name).build()) {
            DynaStore store = DynaStore.builder(client, schema).build();
            new LockWorker(name, locks, store, setting, new Random(seed), Ticker.system(), new Lines()).run();
        }
    }

    /** Writes whole lines. A process that is killed leaves no partial line. */
    private static final class Lines implements LockWorker.Log {

        @Override
        public void begun(Holding holding) {
            System.out.println("begun " + holding.line());
        }

        @Override
        public void leaving(Holding holding) {
            System.out.println("leaving " + holding.line());
        }

        @Override
        public void ended(Holding holding) {
            System.out.println("ended " + holding.line());
        }

        @Override
        public void fenced(long token) {
            System.out.println("fenced " + token);
        }
    }
}
