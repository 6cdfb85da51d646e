/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.lease.Locks;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * The locks of each table, which all its endpoints share. A table without endpoints and without held locks is
 * forgotten: with {@code toD} there may be any number of tables. Thread safe.
 */
final class TableLocks {

    private final Map<Table, Shared> tables = new HashMap<>();

    /** The locks of forgotten tables, as long as an exchange or a request refers to them: it may hold one soon. */
    private final Set<Locks> forgotten = Collections.newSetFromMap(new WeakHashMap<>());

    private record Table(TableLocation location, TableSchema schema) {}

    private record Shared(Locks locks, int endpoints) {}

    /** An endpoint starts to use the locks of its table. */
    synchronized Locks use(TableLocation location, TableSchema schema, Supplier<Locks> opening) {
        Table table = new Table(location, schema);
        Shared known = tables.get(table);
        Shared used = known == null ? new Shared(opening.get(), 1) : new Shared(known.locks, known.endpoints + 1);
        tables.put(table, used);
        return used.locks;
    }

    /** An endpoint has stopped. Exchanges that it has begun may still use the locks. */
    synchronized void leave(TableLocation location, TableSchema schema) {
        tables.computeIfPresent(
                new Table(location, schema), (table, shared) -> new Shared(shared.locks, shared.endpoints - 1));
        tables.values().removeIf(this::forgets);
    }

    private boolean forgets(Shared shared) {
        boolean unused = shared.endpoints <= 0 && shared.locks.held().isEmpty();
        if (unused) {
            forgotten.add(shared.locks);
        }
        return unused;
    }

    /** The number of tables that are known. */
    synchronized int size() {
        return tables.size();
    }

    private synchronized List<Locks> removeAll() {
        List<Locks> all = new ArrayList<>(forgotten);
        tables.values().forEach(shared -> all.add(shared.locks));
        forgotten.clear();
        tables.clear();
        return all;
    }

    /** Releases all locks, and waits for that at most for this time. */
    void close(Duration timeout) {
        Locks.closeAll(removeAll(), timeout);
    }
}
