/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.util.concurrent.ThreadType;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which routes go on when DynamoDB has answered, so that a route that blocks holds up neither the client's
 * event loop nor other routes.
 *
 * <p>They are a cached pool of Camel's. Its threads are used {@linkplain ElasticExecutor sparingly} as long as routes don't block; virtual
 * ones, if Camel is told to make these, each for one task, since nothing is saved by keeping them waiting.
 */
public final class RouteExecutor implements Executor {

    /** Several for each processor: some of those that wait for a disk or a peer don't take long enough to be counted out. */
    private static final int QUICK = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    private static final long LOOK_MILLIS = 5;

    private volatile @Nullable Open open;

    /** While the component runs. */
    private record Open(
            ExecutorService pool,
            ScheduledExecutorService watch,
            @Nullable ElasticExecutor sparing) {}

    @Override
    public void execute(Runnable task) {
        Open now = open;
        Executor sparing = now == null ? null : now.sparing();
        if (sparing == null) {
            start(now == null ? null : now.pool(), task);
        } else {
            sparing.execute(task);
        }
    }

    private static void start(@Nullable ExecutorService pool, Runnable task) {
        try {
            if (pool != null) {
                pool.execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            // Shut down meanwhile: goes on below.
        }
        // The component has stopped, and the exchange still has to be completed; not on the client's event loop.
        new Thread(task, "DynaStore after stop").start();
    }

    public void open(CamelContext context, Object owner) {
        ExecutorServiceManager manager = context.getExecutorServiceManager();
        ExecutorService pool = manager.newCachedThreadPool(owner, "DynaStore");
        ScheduledExecutorService watch = manager.newSingleThreadScheduledExecutor(owner, "DynaStoreWatch");
        open = new Open(
                pool,
                watch,
                ThreadType.current() == ThreadType.VIRTUAL
                        ? null
                        : new ElasticExecutor(task -> start(pool, task), look -> later(watch, look), QUICK));
    }

    private static void later(ScheduledExecutorService watch, Runnable look) {
        try {
            Future<?> unused = watch.schedule(look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Stopping: whatever waits is released.
        }
    }

    public void close(CamelContext context) {
        Open last = open;
        open = null;
        if (last != null) {
            context.getExecutorServiceManager().shutdown(last.watch());
            if (last.sparing() != null) {
                last.sparing().release();
            }
            context.getExecutorServiceManager().shutdown(last.pool());
        }
    }
}
