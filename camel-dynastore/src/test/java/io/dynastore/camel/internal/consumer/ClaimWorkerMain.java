/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.LockLostException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A process that claims items, and reports each run of one: its begin, and its fenced write with the time before it was
 * sent, or that the write was refused. Some items fail once, and some always.
 */
final class ClaimWorkerMain {

    private static final String SENT = "sent";

    private ClaimWorkerMain() {}

    /** Arguments: the URI of the consumer, and that of the fenced write. */
    public static void main(String[] arguments) throws Exception {
        URI endpoint = URI.create(System.getProperty("dynastore.test.endpoint"));
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry()
                .bind("client", DynamoDbExtension.clientBuilder(endpoint).build());
        LambdaRouteBuilder route = builder -> builder.from(arguments[0])
                .errorHandler(builder.noErrorHandler())
                .process(ClaimWorkerMain::work)
                .doTry()
                .setBody(builder.constant("done"))
                .process(exchange -> exchange.setProperty(SENT, System.nanoTime()))
                .to(arguments[1])
                .process(exchange -> report("wrote", exchange, exchange.getProperty(SENT, Long.class)))
                .doCatch(LockLostException.class, KeyNotFoundException.class)
                .process(exchange -> report("lost", exchange, System.nanoTime()))
                .end();
        RouteBuilder.addRoutes(context, route);
        context.start();
        System.out.println("ready");
        ChildJvm.awaitEnd();
        context.stop();
        System.exit(0);
    }

    private static void work(Exchange exchange) {
        report("begins", exchange, System.nanoTime());
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(50)));
        long delivery = exchange.getMessage().getHeader(DynaStoreConstants.DELIVERY_COUNT, Long.class);
        String name = exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY, String.class);
        if (ClaimProcesses.poison(name) || (ClaimProcesses.failsOnce(name) && delivery == 1)) {
            report("fails", exchange, System.nanoTime());
            throw new IllegalStateException("no luck");
        }
    }

    private static void report(String what, Exchange exchange, long nanos) {
        System.out.println(what + " " + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.DELIVERY_COUNT) + " " + nanos);
    }
}
