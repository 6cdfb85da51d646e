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

    private volatile @Nullable ExecutorService pool;

    @Override
    public void execute(Runnable task) {
        ExecutorService open = pool;
        try {
            if (open != null) {
                open.execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            // Shut down meanwhile: goes on below.
        }
        // The component has stopped, and the exchange still has to be completed; not on the client's event loop.
        new Thread(task, "DynaStore after stop").start();
    }

    void open(CamelContext context, Object owner) {
        pool = context.getExecutorServiceManager().newCachedThreadPool(owner, "DynaStore");
    }

    void close(CamelContext context) {
        ExecutorService open = pool;
        pool = null;
        if (open != null) {
            context.getExecutorServiceManager().shutdown(open);
        }
    }
}
