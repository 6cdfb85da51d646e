/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.metrics.CallStatus;
import io.dynastore.store.metrics.OperationMetrics;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Binds the component's metrics to a metrics library. Thread safe. */
public interface MetricsBinder {

    /** Binds nothing: there is no library. */
    MetricsBinder NONE = new MetricsBinder() {};

    /** The class whose presence shows that Micrometer is on the class path. */
    String PRESENT = "io.micrometer.core.instrument.MeterRegistry";

    /** The implementation for Micrometer. */
    String MICROMETER = "io.dynastore.camel.internal.monitor.MicrometerBinder";

    /**
     * The first endpoint of a table starts.
     *
     * @param locksHeld the number of its locks that this process holds
     * @param retries the number of its requests that were sent again
     */
    default void table(TableLocation table, LongSupplier locksHeld, LongSupplier retries) {}

    /** A call of an operation has ended with this status for the first time. */
    default void first(TableLocation table, String operation, OperationMetrics metrics, CallStatus result) {}

    /** The last endpoint of a table has stopped. */
    default void forget(TableLocation table) {}

    /** A consumer starts. */
    default void consumer(Object consumer, MonitoredState.MonitoredConsumer monitored) {}

    /** A consumer stops. */
    default void forgetConsumer(Object consumer) {}

    /** The first repository of a table, kind and name starts. */
    default void repository(MonitoredRepository repository) {}

    /** The component stops, and with it the repositories of this table, kind and name. */
    default void forgetRepository(MonitoredRepository repository) {}

    /**
     * The binder to the context's Micrometer registry, or {@link #NONE} if there is no registry. Only one class knows
     * Micrometer, and it is loaded by name: without it, neither a class path nor a native image needs the library.
     *
     * @throws IllegalStateException if Micrometer is on the class path but can't be used
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
            throw new IllegalStateException("Micrometer is on the class path but can't be used", e);
        }
    }
}
