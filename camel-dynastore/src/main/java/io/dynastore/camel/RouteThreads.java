/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which routes go on when DynamoDB has answered, so that a route that blocks holds up neither the client's
 * event loop nor other routes.
 *
 * <p>The pool grows with the routes that block at the same time, and shrinks when they don't: a bounded one could starve a
 * route that waits for another exchange of the same component. Camel makes it, on virtual threads if it is told to.
 */
final class RouteThreads implements Executor {

    private final DynaStoreComponent component;
    private @Nullable ExecutorService pool;

    RouteThreads(DynaStoreComponent component) {
        this.component = component;
    }

    @Override
    public void execute(Runnable task) {
        try {
            pool().execute(task);
        } catch (RejectedExecutionException e) {
            // The pool is shutting down, and the exchange still has to be completed; not here, on the client's event
            // loop.
            new Thread(task, "DynaStore after shutdown").start();
        }
    }

    private synchronized ExecutorService pool() {
        if (pool == null) {
            pool = component.getCamelContext().getExecutorServiceManager().newCachedThreadPool(component, "DynaStore");
        }
        return pool;
    }

    synchronized void close() {
        CamelContext context = component.getCamelContext();
        if (pool != null && context != null) {
            context.getExecutorServiceManager().shutdown(pool);
        }
        pool = null;
    }
}
