/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.cluster.DynaStoreClusterService;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;

/** A timer that runs on the leading node only. */
final class LeaderRoutes extends RouteBuilder {

    private static final int RUNS = 5;

    private final String node;
    private final Report report;
    private final CountDownLatch awaited = new CountDownLatch(RUNS);
    private final AtomicInteger runs = new AtomicInteger();
    private volatile long first;
    private volatile long last;

    LeaderRoutes(String node, Report report) {
        this.node = node;
        this.report = report;
    }

    /** The service that elects the leader. Camel finds it in the registry. */
    static DynaStoreClusterService election(Properties settings) {
        DynaStoreClusterService service = new DynaStoreClusterService();
        service.setTableName(settings.getProperty("example.table", "receipts"));
        service.setLockTtl(Duration.ofSeconds(10));
        service.setClockSkew(Duration.ofSeconds(1));
        return service;
    }

    @Override
    public void configure() {
        from("master:reports:timer:report?delay=0&period=100").routeId("report").process(exchange -> ran());
    }

    private void ran() {
        last = System.nanoTime();
        if (runs.incrementAndGet() == 1) {
            first = last;
            report.line("  %s leads", node);
        }
        awaited.countDown();
    }

    String node() {
        return node;
    }

    int runs() {
        return runs.get();
    }

    /** The time of the timer's first run on this node. */
    long first() {
        return first;
    }

    /** The time of the timer's last run on this node. */
    long last() {
        return last;
    }

    void awaitRuns() throws InterruptedException {
        if (!awaited.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(node + " has not become the leader");
        }
    }
}
