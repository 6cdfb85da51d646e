/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/** The first words of calls. */
public final class Calls {

    private Calls() {}

    public static Call.Builder create(Key key, @Nullable Object value) {
        return Call.of(Operation.CREATE).key(key).value(value);
    }

    public static Call.Builder put(Key key, @Nullable Object value) {
        return Call.of(Operation.PUT).key(key).value(value);
    }

    public static Call.Builder update(Key key, @Nullable Object value) {
        return Call.of(Operation.UPDATE).key(key).value(value);
    }

    static Call.Builder delete(Key key) {
        return Call.of(Operation.DELETE).key(key);
    }

    public static Call.Builder get(Key key) {
        return Call.of(Operation.GET).key(key);
    }

    static Call.Builder exists(Key key) {
        return Call.of(Operation.EXISTS).key(key);
    }

    public static Call.Builder list(Object partition) {
        return Call.of(Operation.LIST).partitionKey(partition);
    }
}
