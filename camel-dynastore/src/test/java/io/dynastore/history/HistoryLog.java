/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Result;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What all clients did. Thread safe; an entry belongs to one thread. */
final class HistoryLog {

    private final Queue<ClientOperation> operations = new ConcurrentLinkedQueue<>();
    private final AtomicLong ids = new AtomicLong();

    /** Begins an operation, now. It is in the log when it has ended. */
    Entry begin(Kind kind, String key) {
        return new Entry(kind, key);
    }

    List<ClientOperation> operations() {
        return List.copyOf(operations);
    }

    /** An operation under way. */
    final class Entry {
        private final Kind kind;
        private final String key;
        private final String writeId = "w" + ids.incrementAndGet();
        private final long start = System.nanoTime();
        private @Nullable ItemState expected;
        private boolean inItsIncarnation;
        private boolean exactlyOnce;
        private long add;

        private Entry(Kind kind, String key) {
            this.kind = kind;
            this.key = key;
        }

        /** The id to store in the payload; no other operation has it. */
        String writeId() {
            return writeId;
        }

        Entry expecting(@Nullable ItemState state) {
            expected = state;
            return this;
        }

        /** Says that nothing but the very item that was expected will do, whatever version another one has. */
        Entry inItsIncarnation() {
            inItsIncarnation = true;
            return this;
        }

        Entry exactlyOnce() {
            exactlyOnce = true;
            return this;
        }

        /** Says that this write adds to the counter. */
        Entry adding(long amount) {
            add = amount;
            return this;
        }

        /** Ends it, now. */
        void end(Result result) {
            operations.add(new ClientOperation(
                    kind,
                    key,
                    writeId,
                    expected,
                    inItsIncarnation,
                    exactlyOnce,
                    add,
                    start,
                    System.nanoTime(),
                    result));
        }
    }
}
