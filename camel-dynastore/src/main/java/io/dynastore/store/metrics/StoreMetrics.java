/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import io.dynastore.store.Operation;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The metrics of a table's calls, by operation. Several stores may count in the same metrics. Thread safe. */
public final class StoreMetrics {

    private final Map<String, OperationMetrics> operations = new LinkedHashMap<>();

    /** Starts to count the calls of a store. */
    public StoreMetrics() {
        this(Stream.of(Operation.values()).map(Operation::text).toList(), (operation, result, metrics) -> {});
    }

    /**
     * Starts to count.
     *
     * @param names of all operations that are counted: those of the store, and operations that are not calls of it
     * @param first notified when calls of an operation end in a way for the first time, by the thread on which they do;
     *     has to be quick, and must not throw
     */
    public StoreMetrics(Collection<String> names, First first) {
        for (String name : names) {
            operations.put(name, new OperationMetrics((result, metrics) -> first.ended(name, result, metrics)));
        }
    }

    /** Notified when calls of an operation end in a way for the first time. */
    @FunctionalInterface
    public interface First {

        /**
         * The first one.
         *
         * @param operation the name of the operation
         * @param metrics those of the operation
         */
        void ended(String operation, CallStatus result, OperationMetrics metrics);
    }

    /** The metrics of an operation of the store. */
    public OperationMetrics of(Operation operation) {
        return of(operation.text());
    }

    /**
     * The metrics of the operation of this name.
     *
     * @throws IllegalArgumentException if it is not counted
     */
    public OperationMetrics of(String operation) {
        OperationMetrics metrics = operations.get(operation);
        if (metrics == null) {
            throw new IllegalArgumentException("The operation " + operation + " is not counted.");
        }
        return metrics;
    }

    /** The metrics of all operations by name, in the order in which these were given; unmodifiable. */
    public Map<String, OperationMetrics> all() {
        return Collections.unmodifiableMap(operations);
    }
}
