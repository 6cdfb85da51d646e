/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreConsumer;
import io.dynastore.camel.LogFile;
import io.dynastore.store.LockLostException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;

/**
 * A member of a group in a process of its own, under the commands of a test. It reports each delivery, what was
 * processed, writes that were refused by their token, and each change of an owner.
 */
final class GroupNodeMain {

    private final Random random;
    private final double failures;
    private final String state;
    private final String held;
    private final CountDownLatch open = new CountDownLatch(1);
    private final FaultyHttpClient network;
    private volatile List<String> partitions;

    private GroupNodeMain(String[] arguments) {
        long seed = Long.parseLong(arguments[3]);
        double faults = Double.parseDouble(arguments[4]);
        random = new Random(seed);
        failures = faults / 10;
        state = arguments[1];
        partitions = List.of(arguments[2].split(","));
        held = arguments[5];
        FaultPlan plan = FaultPlan.seeded(seed)
                .with(Fault.LOSE_RESPONSE, faults)
                .with(Fault.DROP, faults / 2)
                .with(Fault.DUPLICATE, faults)
                .with(Fault.ARRIVE_LATE, faults / 2);
        network = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), faults == 0 ? FaultPlan.none() : plan);
    }

    /**
     * Arguments: the URI of the consumer, whose partitions are {@code #names}; the table of what the route writes; the
     * partitions at the start; the seed; the share of requests that meet a fault; the item that waits for {@code go}.
     */
    public static void main(String[] arguments) throws Exception {
        LogFile.logInfo("io.dynastore.group");
        new GroupNodeMain(arguments).run(arguments[0]);
        System.exit(0);
    }

    private void run(String uri) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        URI endpoint = URI.create(Objects.requireNonNull(System.getProperty("dynastore.test.endpoint")));
        context.getRegistry()
                .bind(
                        "client",
                        DynamoDbExtension.clientBuilder(endpoint)
                                .httpClient(network)
                                .build());
        context.getRegistry().bind("names", (Supplier<List<String>>) () -> partitions);
        LambdaRouteBuilder route = builder -> {
            builder.errorHandler(builder.noErrorHandler());
            builder.from(uri)
                    .routeId("node")
                    .process(this::deliver)
                    .setBody(exchange -> exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY))
                    .setHeader(DynaStoreConstants.SORT_KEY, builder.header(DynaStoreConstants.PARTITION_KEY))
                    .setHeader(DynaStoreConstants.PARTITION_KEY, builder.constant("state"))
                    .doTry()
                    .to("dynastore:" + state + "?operation=put")
                    .doCatch(LockLostException.class)
                    .process(exchange -> say("F", exchange))
                    .throwException(new IllegalStateException("a later reader has written"))
                    .end()
                    .process(exchange -> say("S", exchange));
        };
        RouteBuilder.addRoutes(context, route);
        context.start();
        System.out.println("ready");
        DynaStoreConsumer consumer =
                (DynaStoreConsumer) context.getRoute("node").getConsumer();
        ChildJvm.listen(line -> obey(line, consumer));
        network.heal();
        context.getShutdownStrategy().setTimeout(20);
        context.stop();
    }

    private void obey(String line, DynaStoreConsumer consumer) {
        if (line.equals("cut")) {
            network.cut();
        } else if (line.equals("heal")) {
            network.heal();
        } else if (line.equals("go")) {
            open.countDown();
        } else if (line.equals("poll")) {
            long before = consumer.getCounter();
            while (consumer.getCounter() < before + 3) {
                Thread.onSpinWait();
            }
            System.out.println("polled");
        } else {
            partitions = List.of(line.split(","));
        }
    }

    private void deliver(Exchange exchange) throws InterruptedException {
        exchange.setProperty(
                "item", name(exchange) + " " + exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN));
        say("D", exchange);
        if (held.equals(name(exchange)) && !open.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody lets it go on");
        }
        boolean fails;
        synchronized (random) {
            fails = random.nextDouble() < failures;
        }
        if (fails) {
            throw new IllegalStateException("fails by chance");
        }
    }

    private static String name(Exchange exchange) {
        return exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY);
    }

    private static void say(String what, Exchange exchange) {
        System.out.println(what + " " + exchange.getProperty("item") + " " + System.nanoTime());
    }
}
