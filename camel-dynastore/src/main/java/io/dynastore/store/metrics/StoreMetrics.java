/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import io.dynastore.store.Operation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What became of the calls of a table, by operation. Several stores may count in one. Thread safe. */
public final class StoreMetrics {

    private final Map<Operation, OperationMetrics> operations = new EnumMap<>(Operation.class);

    /** Starts to count. */
    public StoreMetrics() {
        this((operation, result, metrics) -> {});
    }

    /**
     * Starts to count.
     *
     * @param first told when calls of an operation end in a way for the first time, by the thread on which they do; has to be quick, and
     *     must not throw
     */
    public StoreMetrics(First first) {
        for (Operation operation : Operation.values()) {
            operations.put(
                    operation, new OperationMetrics((result, metrics) -> first.ended(operation, result, metrics)));
        }
    }

    /** Told when calls of an operation end in a way for the first time. */
    @FunctionalInterface
    public interface First {

        /**
         * The first one.
         *
         * @param metrics those of the operation
         */
        void ended(Operation operation, CallStatus result, OperationMetrics metrics);
    }

    /** The metrics of an operation. */
    public OperationMetrics of(Operation operation) {
        return Objects.requireNonNull(operations.get(operation));
    }

    /** The metrics of all operations; unmodifiable. */
    public Map<Operation, OperationMetrics> all() {
        return Collections.unmodifiableMap(operations);
    }
}
