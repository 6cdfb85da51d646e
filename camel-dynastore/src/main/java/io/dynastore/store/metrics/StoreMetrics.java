/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import io.dynastore.store.BulkProgress;
import io.dynastore.store.Operation;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Metrics of the calls of a table, by operation. Several stores may share one instance. Thread safe. */
public final class StoreMetrics {

    private final Map<String, OperationMetrics> operations = new LinkedHashMap<>();
    private final Set<BulkProgress> running = ConcurrentHashMap.newKeySet();

    /** Metrics of the store's own operations, without a listener. */
    public StoreMetrics() {
        this(Stream.of(Operation.values()).map(Operation::text).toList(), (operation, status, metrics) -> {});
    }

    /**
     * Metrics with a listener.
     *
     * @param names the names of all operations: those of the store, and operations that are not calls of it
     * @param listener called on the thread on which a call ends; must be quick, and must not throw
     */
    public StoreMetrics(Collection<String> names, FirstCallListener listener) {
        for (String name : names) {
            operations.put(name, new OperationMetrics((status, metrics) -> listener.ended(name, status, metrics)));
        }
    }

    /** Is notified of the first call of an operation that ends with a status, or is throttled for a reason. */
    @FunctionalInterface
    public interface FirstCallListener {

        /**
         * The first call of the operation has ended with this status, or with the status {@link CallStatus#ERROR} for a
         * new reason of throttling.
         *
         * @param operation the name of the operation
         * @param metrics the metrics of the operation
         */
        void ended(String operation, CallStatus status, OperationMetrics metrics);
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

    /** The bulk calls that run now. Thread safe; the store adds and removes them. */
    public Set<BulkProgress> running() {
        return running;
    }

    /** The metrics of all operations by name, in the order in which these were given; unmodifiable. */
    public Map<String, OperationMetrics> all() {
        return Collections.unmodifiableMap(operations);
    }
}
