/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.lease.Locks;
import io.dynastore.store.TableSchema;
import java.time.Duration;
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
 *
 * <p>An exchange that has begun with an endpoint may take a lock after the table was forgotten. So all locks are known
 * weakly, as long as an exchange, a pending acquire or a held lease refers to them, and are closed with the others.
 */
final class TableLocks {

    private final Map<Table, Shared> tables = new HashMap<>();
    private final Set<Locks> all = Collections.newSetFromMap(new WeakHashMap<>());

    private record Table(TableLocation location, TableSchema schema) {}

    private record Shared(Locks locks, int endpoints) {}

    /** An endpoint starts to use the locks of its table. */
    synchronized Locks use(TableLocation location, TableSchema schema, Supplier<Locks> opening) {
        Table table = new Table(location, schema);
        Shared known = tables.get(table);
        Shared used = known == null ? new Shared(opening.get(), 1) : new Shared(known.locks, known.endpoints + 1);
        tables.put(table, used);
        all.add(used.locks);
        return used.locks;
    }

    /** An endpoint has stopped. Exchanges that it has begun may still use the locks. */
    synchronized void leave(TableLocation location, TableSchema schema) {
        tables.computeIfPresent(
                new Table(location, schema), (table, shared) -> new Shared(shared.locks, shared.endpoints - 1));
        tables.values()
                .removeIf(shared -> shared.endpoints <= 0 && shared.locks.held().isEmpty());
    }

    /** The number of tables that are known. */
    synchronized int size() {
        return tables.size();
    }

    private synchronized List<Locks> removeAll() {
        List<Locks> open = List.copyOf(all);
        all.clear();
        tables.clear();
        return open;
    }

    /** Releases all locks, and waits for that at most for this time. */
    void close(Duration timeout) {
        Locks.closeAll(removeAll(), timeout);
    }
}
