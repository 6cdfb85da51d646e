/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.LogFile;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A member of a group in a process of its own. It prints each item that it has processed, each change of an owner, and
 * at its end how many partitions it has lost.
 */
final class GroupWorkerMain {

    private GroupWorkerMain() {}

    /** Argument: the URI of the consumer. */
    public static void main(String[] arguments) throws Exception {
        LogFile.logInfo("io.dynastore.group");
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry()
                .bind(
                        "client",
                        DynamoDbExtension.clientBuilder(URI.create(
                                        Objects.requireNonNull(System.getProperty("dynastore.test.endpoint"))))
                                .build());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        context.getRegistry().bind("metricsRegistry", meters);
        LambdaRouteBuilder route =
                builder -> builder.from(arguments[0]).delay(2).process(GroupWorkerMain::print);
        RouteBuilder.addRoutes(context, route);
        context.start();
        System.out.println("ready");
        FunctionCounter lost =
                meters.get("dynastore.group.events").tag("event", "lost").functionCounter();
        ChildJvm.awaitEnd();
        context.stop();
        System.out.println("L " + (int) lost.count());
        System.exit(0);
    }

    private static void print(Exchange exchange) {
        System.out.println("S " + exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN) + " " + System.nanoTime());
    }
}
