/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data source wait before each execution of a statement and each commit or rollback, like a network between
 * client and database. Everything else is free, as with a driver that sends as little as possible.
 */
final class DelayedDataSource {

    private final Duration delay;
    private final RoundTrips trips;

    private DelayedDataSource(Duration delay, RoundTrips trips) {
        this.delay = delay;
        this.trips = trips;
    }

    /** The data source with this delay. Thread safe if the given one is. */
    static DataSource of(DataSource source, Duration delay, RoundTrips trips) {
        return new DelayedDataSource(delay, trips).wrap(DataSource.class, source);
    }

    private <T> T wrap(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                DelayedDataSource.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(target, method, arguments)));
    }

    private @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().startsWith("execute")
                || method.getName().equals("commit")
                || method.getName().equals("rollback")) {
            trips.count();
            LockSupport.parkNanos(delay.toNanos());
        }
        Object result = invoke(target, method, arguments);
        if (result instanceof PreparedStatement) {
            return wrap(PreparedStatement.class, result);
        }
        if (result instanceof Statement) {
            return wrap(Statement.class, result);
        }
        return result instanceof Connection ? wrap(Connection.class, result) : result;
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
