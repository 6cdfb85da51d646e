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
 * Runs routes after a response of DynamoDB, on threads of its own: a route that blocks delays neither the client's
 * event loop nor other routes. Thread safe.
 *
 * <p>The threads are a cached pool of Camel's. If routes don't block, it uses {@linkplain ElasticExecutor few of
 * them}. If Camel makes virtual threads, each task gets its own: a waiting virtual thread costs next to nothing.
 *
 * <p>Decision 5 in docs/decisions has the reasons.
 */
public final class RouteExecutor implements Executor {

    /** Several tasks for each processor: some wait for a disk or a peer, but too briefly to be sampled as slow. */
    private static final int PARALLELISM = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    private static final long SAMPLE_MILLIS = 5;

    private volatile @Nullable Open open;

    /** Kept after the stop, for the exchanges that end then. */
    private volatile @Nullable CamelContext context;

    /**
     * The threads while the component runs.
     *
     * @param elastic null if the pool's threads are virtual
     */
    private record Open(
            ExecutorService pool,
            ScheduledExecutorService sampler,
            @Nullable ElasticExecutor elastic) {}

    @Override
    public void execute(Runnable route) {
        Runnable task = ContextClassLoader.in(context, route);
        Open now = open;
        Executor elastic = now == null ? null : now.elastic();
        if (elastic == null) {
            start(now == null ? null : now.pool(), task);
        } else {
            elastic.execute(task);
        }
    }

    private static void start(@Nullable ExecutorService pool, Runnable task) {
        try {
            if (pool != null) {
                pool.execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            // Shut down in between: a thread of its own, below.
        }
        // The component has stopped, but the exchange must still complete, and never on the client's event loop.
        new Thread(task, "DynaStore after stop").start();
    }

    /**
     * Starts the threads, in Camel's pools.
     *
     * @param owner the service that the pools belong to
     */
    public void open(CamelContext context, Object owner) {
        this.context = context;
        ExecutorServiceManager manager = context.getExecutorServiceManager();
        ExecutorService pool = manager.newCachedThreadPool(owner, "DynaStore");
        ScheduledExecutorService sampler = manager.newSingleThreadScheduledExecutor(owner, "DynaStoreWatch");
        open = new Open(
                pool,
                sampler,
                ThreadType.current() == ThreadType.VIRTUAL
                        ? null
                        : new ElasticExecutor(
                                task -> start(pool, task), sample -> sampleLater(sampler, sample), PARALLELISM));
    }

    private static void sampleLater(ScheduledExecutorService sampler, Runnable sample) {
        try {
            Future<?> unused = sampler.schedule(sample, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The component is stopping, and release() starts all queued tasks.
        }
    }

    /**
     * Starts all queued tasks and ends the pools. Later tasks run on a new thread each, so that every exchange
     * completes.
     */
    public void close(CamelContext context) {
        Open last = open;
        open = null;
        if (last != null) {
            context.getExecutorServiceManager().shutdown(last.sampler());
            if (last.elastic() != null) {
                last.elastic().release();
            }
            context.getExecutorServiceManager().shutdown(last.pool());
        }
    }
}
