/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/**
 * The main job of the component: it keeps records that many routes write at once. The program imports a public data
 * set, changes receipts concurrently, pages through the receipts of a store, lets items expire, handles errors by type,
 * and checks the results.
 *
 * <p>The following command runs it on a DynamoDB Local inside this program:
 *
 * <pre>{@code
 * mvn -q -Dexample=MainJob
 * }</pre>
 *
 * <p>On AWS, with the SDK's usual credentials, it needs a region only. If the table is missing, it is created; drop it
 * afterwards:
 *
 * <pre>{@code
 * mvn -q -Dexample=MainJob -Dexample.args="-Dcamel.component.dynastore.region=eu-central-1 -Dexample.table=foodmart"
 * }</pre>
 *
 * <p>The options {@code overrideEndpoint} and {@code uriEndpointOverride} of the component name another engine. All
 * other settings are in {@code application.properties}. With {@code -Dexample.console=true} among the arguments, the
 * program prints at its end, as JSON, what the developer console of the component shows.
 *
 * <p>The data are the receipts of the FoodMart sample data set, those of a fictional chain:
 * {@code net.hydromatic:foodmart-data-json}, Apache License 2.0.
 */
public final class MainJob {

    private static final String COMPONENT = "camel.component.dynastore.";
    private static final List<String> STEPS = List.of("import", "loyalty", "paging", "expiry", "errors");

    private MainJob() {}

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
            Main camel = new Main();
            settings.stringPropertyNames().stream()
                    .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                    .forEach(name -> camel.addOverrideProperty(name, settings.getProperty(name)));
            use(dynamo, camel);
            routes(report).forEach(camel.configure()::addRoutesBuilder);
            runSteps(camel, report, embedded);
        }
    }

    private static List<RouteBuilder> routes(Report report) {
        return List.of(
                new ProgressRoutes(report),
                new ImportRoutes(report),
                new LoyaltyRoutes(report),
                new PagingRoutes(report),
                new ExpiryRoutes(report),
                new ErrorRoutes(report));
    }

    /** DynamoDB Local accepts any credentials and region. */
    static void use(@Nullable EmbeddedDynamoDb dynamo, Main camel) {
        if (dynamo != null) {
            dynamo.settings().forEach(camel::addOverrideProperty);
        }
    }

    private static void runSteps(Main camel, Report report, boolean embedded) throws Exception {
        camel.start();
        try {
            report.line(
                    "FoodMart sample data into table %s, %s",
                    camel.getCamelContext().resolvePropertyPlaceholders("{{example.table}}"),
                    embedded ? "embedded DynamoDB Local" : "the DynamoDB that the properties name");
            for (String step : STEPS) {
                camel.getCamelTemplate().sendBody("direct:" + step, null);
            }
            if (report.failures().isEmpty()) {
                report.line("All %d checks passed in %.1f s", report.checks(), report.seconds());
            }
            if (Boolean.parseBoolean(
                    camel.getCamelContext().resolvePropertyPlaceholders("{{example.console:false}}"))) {
                report.line("%s", console(camel.getCamelContext()));
            }
        } finally {
            camel.stop();
        }
    }

    /** The output of the developer console, which each runtime offers at an address of its own. */
    static String console(CamelContext context) {
        DevConsole console = PluginHelper.getDevConsoleResolver(context).resolveDevConsole("dynastore");
        JsonObject shown = (JsonObject) console.call(DevConsole.MediaType.JSON, Map.of());
        return Jsoner.prettyPrint(shown.toJson(), 2);
    }
}
