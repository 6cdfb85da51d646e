/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * One of several nodes that collect the lines of orders, and pack an order when all of its lines are there. The lines of
 * an order may come to different nodes. If a node crashes while it packs, another packs the order after
 * {@code inFlightTtl}.
 *
 * <p>A line that was sent twice is in its order once, since the lines of an order are a map.
 */
final class OrdersNode extends RouteBuilder {

    private final String node;

    private OrdersNode(String node) {
        this.node = node;
    }

    /** Runs until the job ends. The argument is the name of the node. */
    public static void main(String[] args) throws Exception {
        Main program = new Main();
        program.setPropertyPlaceholderLocations("classpath:application.properties,classpath:orders.properties");
        program.configure().addRoutesBuilder(new OrdersNode(args[0]));
        NodeProcess.runUntilJobEnds(program, line -> receive(program, line));
    }

    private static void receive(Main program, String line) throws Exception {
        program.getCamelTemplate().sendBody("seda:lines", line);
    }

    @Override
    public void configure() {
        from("seda:lines?concurrentConsumers=4")
                .routeId("lines")
                .process(OrdersNode::parse)
                .aggregate(header("order"), OrdersNode::add)
                .aggregationRepository("orders")
                .optimisticLocking()
                .parallelProcessing()
                .completionPredicate(simple("${body.size} == ${header.lines}"))
                .to("direct:pack")
                .end()
                .process(exchange -> report("took", exchange.getMessage().getHeader("line", String.class)));

        from("direct:pack")
                .routeId("pack")
                .process(exchange -> report("packs", exchange.getMessage().getHeader("order", String.class)))
                .delay(1000)
                .setHeader(DynaStoreConstants.PARTITION_KEY, constant(OrdersJob.PACKED))
                .setHeader(DynaStoreConstants.SORT_KEY, header("order"))
                .to("dynastore:{{example.table}}?operation=put")
                .process(exchange -> report("packed", exchange.getMessage().getHeader("order", String.class)));
    }

    private void report(String what, String which) {
        System.out.println(node + " " + what + " " + which);
    }

    /** A line is: order, number of its lines, number of the line, cents. */
    private static void parse(Exchange exchange) {
        String line = exchange.getMessage().getBody(String.class);
        String[] fields = line.split(",", -1);
        exchange.getMessage().setHeader("line", line);
        exchange.getMessage().setHeader("order", fields[0]);
        exchange.getMessage().setHeader("lines", Integer.valueOf(fields[1]));
        exchange.getMessage().setBody(Map.of(fields[2], Long.valueOf(fields[3])));
    }

    private static Exchange add(@Nullable Exchange order, Exchange line) {
        if (order == null) {
            return line;
        }
        Map<Object, Object> lines = new LinkedHashMap<>();
        lines.putAll(lines(order));
        lines.putAll(lines(line));
        order.getMessage().setBody(lines);
        return order;
    }

    private static Map<?, ?> lines(Exchange exchange) {
        return exchange.getMessage().getBody(Map.class);
    }
}
