/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Operation;
import io.dynastore.store.metrics.CallStatus;
import io.dynastore.store.metrics.OperationMetrics;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Passes the metrics on to a library for metrics. Thread safe. */
public interface MetricsBinder {

    /** For nobody. */
    MetricsBinder NONE = new MetricsBinder() {};

    /** What makes a class able to speak to Micrometer, and what does then. */
    String PRESENT = "io.micrometer.core.instrument.MeterRegistry";

    String MICROMETER = "io.dynastore.camel.internal.monitor.MicrometerBinder";

    /**
     * A table is used.
     *
     * @param locksHeld how many of its locks are held here
     * @param retries how many requests about it were sent again
     */
    default void table(TableLocation table, LongSupplier locksHeld, LongSupplier retries) {}

    /** Calls of an operation have ended in this way for the first time. */
    default void first(TableLocation table, Operation operation, OperationMetrics metrics, CallStatus result) {}

    /** A table is not used any more. */
    default void forget(TableLocation table) {}

    /** A consumer starts. */
    default void consumer(Object consumer, MonitoredState.MonitoredConsumer monitored) {}

    /** A consumer stops. */
    default void forgetConsumer(Object consumer) {}

    /**
     * For the Micrometer registry of the context, if there is one. Only that class knows Micrometer, and it is loaded by its name: neither
     * a class path nor a native image needs the library for the others.
     */
    static MetricsBinder of(CamelContext context) {
        try {
            ClassLoader loader = MetricsBinder.class.getClassLoader();
            Class.forName(PRESENT, false, loader);
            @Nullable
            Object binder = Class.forName(MICROMETER, true, loader)
                    .getDeclaredMethod("of", CamelContext.class)
                    .invoke(null, context);
            return binder == null ? NONE : (MetricsBinder) binder;
        } catch (ClassNotFoundException absent) {
            return NONE;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Micrometer is there and can't be used", e);
        }
    }
}
