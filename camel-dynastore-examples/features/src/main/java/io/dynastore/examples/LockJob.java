/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.util.List;
import java.util.Properties;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * Locks and leader election. Workers book to one account under a lock, and the lease of one of them expires before its
 * write. A timer runs on the leader of two nodes.
 *
 * <pre>{@code
 * mvn -q -Dexample=LockJob
 * }</pre>
 *
 * <p>It runs on AWS as {@link MainJob} does, with a region and a table as properties.
 */
public final class LockJob {

    private static final String REGION = "camel.component.dynastore.region";

    private LockJob() {}

    public static void main(String[] args) {
        Report report = new Report();
        int status = 1;
        try {
            run(System.getProperties(), report);
            status = report.failures().isEmpty() ? 0 : 1;
        } catch (Exception e) {
            report.line("FAILED: %s", e);
        }
        System.exit(status);
    }

    /**
     * Runs the job.
     *
     * @param settings as for {@link MainJob}
     * @param report   receives the counts and the results of the checks
     */
    static void run(Properties settings, Report report) throws Exception {
        boolean embedded = settings.getProperty(REGION) == null;
        try (EmbeddedDynamoDb dynamo = embedded ? EmbeddedDynamoDb.start() : null) {
            workers(settings, dynamo, report);
            leaders(settings, dynamo, report);
            if (report.failures().isEmpty()) {
                report.line("All %d checks passed in %.1f s", report.checks(), report.seconds());
            }
        }
    }

    private static void workers(Properties settings, @Nullable EmbeddedDynamoDb dynamo, Report report)
            throws Exception {
        Main camel = camel(settings, dynamo, "workers", new WorkerRoutes(report));
        camel.start();
        try {
            for (String step : List.of("workers", "stale")) {
                camel.getCamelTemplate().sendBody("direct:" + step, null);
            }
        } finally {
            camel.stop();
        }
    }

    /** The first of two nodes leads until it stops. */
    private static void leaders(Properties settings, @Nullable EmbeddedDynamoDb dynamo, Report report)
            throws Exception {
        LeaderRoutes east = new LeaderRoutes("east", report);
        LeaderRoutes west = new LeaderRoutes("west", report);
        Main first = node(settings, dynamo, east);
        Main second = node(settings, dynamo, west);
        first.start();
        try {
            east.awaitRuns();
            second.start();
            first.stop();
            west.awaitRuns();
        } finally {
            first.stop();
            second.stop();
        }
        report.check(west.first() > east.last(), "two nodes never run the timer at the same time");
        report.line(
                "%-10seast ran the timer %d times and stopped; west took over %.1f s after its last run",
                "leader", east.runs(), (west.first() - east.last()) / 1e9);
    }

    private static Main node(Properties settings, @Nullable EmbeddedDynamoDb dynamo, LeaderRoutes routes) {
        Main camel = camel(settings, dynamo, routes.node(), routes);
        camel.bind("cluster", LeaderRoutes.election(settings));
        return camel;
    }

    private static Main camel(
            Properties settings, @Nullable EmbeddedDynamoDb dynamo, String name, RouteBuilder routes) {
        Main camel = new Main();
        settings.stringPropertyNames().stream()
                .filter(property -> property.startsWith("camel.") || property.startsWith("example."))
                .forEach(property -> camel.addOverrideProperty(property, settings.getProperty(property)));
        camel.addOverrideProperty("camel.main.name", name);
        MainJob.use(dynamo, camel);
        camel.configure().addRoutesBuilder(routes);
        return camel;
    }
}
