/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * An outbox. Orders are written to a table, one partition for each branch. A route ships them from there, the orders of
 * each branch in sequence. The program stops in the middle, as for a new release; the next one continues at the saved
 * position.
 *
 * <p>The following command runs it on a DynamoDB Local inside this program. Properties name another engine, as for
 * {@link MainJob}:
 *
 * <pre>{@code
 * mvn -q -Dexample=OutboxJob
 * }</pre>
 */
public final class OutboxJob {

    private static final String COMPONENT = "camel.component.dynastore.";
    private static final int BEFORE = 50;
    private static final int WHILE_STOPPED = 10;
    private static final int ENOUGH = OutboxRoutes.BRANCHES.size() * BEFORE / 2;

    private OutboxJob() {}

    public static void main(String[] args) {
        Report report = new Report();
        int status = 1;
        try {
            run(System.getProperties(), report);
            status = report.failures().isEmpty() ? 0 : 1;
        } catch (CamelExecutionException e) {
            report.line("FAILED: %s", e.getCause());
        } catch (Exception e) {
            report.line("FAILED: %s", e);
        }
        System.exit(status);
    }

    /**
     * Runs the job.
     *
     * @param settings override those of {@code application.properties}. If they name no region, an embedded DynamoDB is
     *     started.
     * @param report   receives the counts and the results of the checks
     */
    static void run(Properties settings, Report report) throws Exception {
        boolean embedded = settings.getProperty(COMPONENT + "region") == null;
        try (EmbeddedDynamoDb dynamo = embedded ? EmbeddedDynamoDb.start() : null) {
            Shipments shipments = new Shipments();
            Main first = program(dynamo, settings, shipments);
            first.start();
            write(first, 1, BEFORE);
            report.line("Wrote %d orders of each of %d branches", BEFORE, OutboxRoutes.BRANCHES.size());
            ship(first);
            shipments.await(ENOUGH);
            first.stop();
            int before = shipments.count();
            report.line("Shipped %d of them, and stopped in the middle of a page", before);

            Main second = program(dynamo, settings, shipments);
            second.start();
            write(second, BEFORE + 1, BEFORE + WHILE_STOPPED);
            ship(second);
            int all = OutboxRoutes.BRANCHES.size() * (BEFORE + WHILE_STOPPED);
            shipments.await(all);
            second.stop();
            report.line("Started again, and shipped the other %d", shipments.count() - before);
            check(report, shipments, before, all);
        }
    }

    private static void ship(Main program) throws Exception {
        program.getCamelContext().getRouteController().startRoute(OutboxRoutes.SHIPPING);
    }

    private static void check(Report report, Shipments shipments, int before, int all) {
        report.check(before < all, "the program stopped before all orders were shipped");
        report.check(shipments.count() == all, "each order is shipped once");
        for (String branch : OutboxRoutes.BRANCHES) {
            report.check(
                    shipments.inOrder(branch, BEFORE + WHILE_STOPPED), "the orders of " + branch + " are in order");
        }
        report.check(shipments.rejected() > 0, "the carrier rejected some orders at first");
        if (report.failures().isEmpty()) {
            report.line(
                    "Each branch in order, although the carrier rejected %d at first. All %d checks passed in %.1f s",
                    shipments.rejected(), report.checks(), report.seconds());
        }
    }

    private static void write(Main program, int from, int to) throws Exception {
        for (int number = from; number <= to; number++) {
            for (String branch : OutboxRoutes.BRANCHES) {
                program.getCamelTemplate()
                        .sendBodyAndHeaders(
                                "direct:order",
                                Map.of("branch", branch, "number", number),
                                Map.of(
                                        DynaStoreConstants.PARTITION_KEY,
                                        branch,
                                        DynaStoreConstants.SORT_KEY,
                                        OutboxRoutes.number(number)));
            }
        }
    }

    private static Main program(@Nullable EmbeddedDynamoDb dynamo, Properties settings, Shipments shipments) {
        Main program = new Main();
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                .forEach(name -> program.addOverrideProperty(name, settings.getProperty(name)));
        if (dynamo != null) {
            dynamo.settings().forEach(program::addOverrideProperty);
        }
        program.configure().addRoutesBuilder(new OutboxRoutes(shipments));
        return program;
    }
}
