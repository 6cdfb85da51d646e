/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Expiry;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.Outcome;
import io.dynastore.store.OutcomeUnknownException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.support.LRUCacheFactory;
import org.jspecify.annotations.Nullable;

/**
 * The values of a state repository, and what this instance has last seen of them. Thread safe: one request at a time,
 * if writes are conditional. Callers wait for responses.
 */
final class StateValues {

    private static final int MOST_SEEN = 10_000;

    /** The client's own limit, which ends a request with its repetitions, is shorter. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final DynaStore store;
    private final boolean conditional;
    private final Expiry expiry;
    private final ReentrantLock lock = new ReentrantLock();

    /** A key that is not in it was not seen. */
    private final Map<Key, Seen> seen = LRUCacheFactory.newLRUCache(MOST_SEEN);

    /**
     * What was last read or written.
     *
     * @param version the version of the item; null if there was none
     */
    private record Seen(@Nullable Long version, @Nullable Incarnation incarnation) {}

    private static final Seen NOTHING = new Seen(null, null);

    StateValues(DynaStore store, boolean conditional, Expiry expiry) {
        this.store = store;
        this.conditional = conditional;
        this.expiry = expiry;
    }

    /** This, with what another has seen. */
    StateValues knowing(StateValues other) {
        seen.putAll(other.seen);
        return this;
    }

    /** The value of a key; null if it has none. */
    @Nullable
    String read(Key key) {
        if (!conditional) {
            return text(get(key));
        }
        lock.lock();
        try {
            Outcome.Read read = get(key);
            seen.put(key, seen(read));
            return text(read);
        } finally {
            lock.unlock();
        }
    }

    private Outcome.Read get(Key key) {
        return TableRequests.await(
                store.execute(
                        Call.get(key).consistentRead(true).failIfMissing(false).build()),
                PATIENCE);
    }

    /** Sets the value of a key, or removes it if the value is null. */
    void write(Key key, @Nullable String value) {
        if (!conditional) {
            write(value == null ? Call.delete(key).mustExist(false) : put(key, value));
            return;
        }
        lock.lock();
        try {
            // Forgotten if the write fails: then a read comes next.
            Seen expected = seen.remove(key);
            seen.put(key, written(key, value, expected));
        } finally {
            lock.unlock();
        }
    }

    private ConditionalCall.Builder<?> put(Key key, String value) {
        return Call.put(key, value).expiry(expiry);
    }

    private Seen written(Key key, @Nullable String value, @Nullable Seen expected) {
        if (expected != null && expected.version() != null) {
            ConditionalCall.Builder<?> call =
                    value == null ? Call.delete(key) : Call.update(key, value).expiry(expiry);
            call.expectedVersion(expected.version()).expectedIncarnation(expected.incarnation());
            return seen(write(call));
        }
        if (value != null) {
            return seen(write(Call.create(key, value).expiry(expiry)));
        }
        if (get(key).item() != null) {
            throw new KeyExistsException(store.schema().table(), key);
        }
        return NOTHING;
    }

    /** If it is unknown whether the write was applied, it is repeated once, and recognises itself. */
    private Outcome write(ConditionalCall.Builder<?> call) {
        try {
            return TableRequests.await(store.execute(call.build()), PATIENCE);
        } catch (OutcomeUnknownException e) {
            call.idempotencyToken(e.idempotencyToken());
            return TableRequests.await(store.execute(call.build()), PATIENCE);
        }
    }

    private static Seen seen(Outcome outcome) {
        return outcome instanceof Outcome.Written written
                ? new Seen(written.version(), written.incarnation())
                : NOTHING;
    }

    private static Seen seen(Outcome.Read read) {
        return read.item() == null ? NOTHING : new Seen(read.item().version(), read.incarnation());
    }

    private static @Nullable String text(Outcome.Read read) {
        return read.item() == null ? null : String.valueOf(read.item().payload());
    }
}
