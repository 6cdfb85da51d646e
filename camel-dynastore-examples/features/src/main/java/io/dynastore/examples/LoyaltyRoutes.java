/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.VersionConflictException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Step 2: books loyalty points on a few receipts, many at once, so that several exchanges change the same receipt at
 * the same time. No point is lost, because every update expects the version that its own exchange has read.
 *
 * <p>A conflict is retried as follows. Reading, changing and writing belong together, so they are a route of their own.
 * That route has no error handler, so the conflict is thrown to its caller. The caller redelivers the exchange to the
 * whole route, after a short random delay.
 */
final class LoyaltyRoutes extends RouteBuilder {

    private static final int RECEIPTS = 20;
    private static final int MOST_POINTS = 10;
    private static final long SEED = 13;

    private static final String POINTS = "points";
    private static final String STAMPED = "stamped";

    private final Report report;

    LoyaltyRoutes(Report report) {
        this.report = report;
    }

    /** One scan of a customer's card. */
    private record Scan(Key receipt, long points) {}

    @Override
    public void configure() {
        onException(VersionConflictException.class)
                .maximumRedeliveries(100)
                .redeliveryDelay(10)
                .collisionAvoidancePercent(90)
                .asyncDelayedRedelivery()
                .onRedelivery(exchange -> report.add(Counter.CONFLICTS, 1));

        from("direct:loyalty")
                .routeId("loyalty")
                .process(exchange -> report.begin("loyalty", Counter.SCANS))
                .setHeader(DynaStoreConstants.PARTITION_KEY, simple("{{example.store}}"))
                .to("dynastore:{{example.table}}?operation=list&limit=" + RECEIPTS)
                .setProperty(STAMPED, body())
                .process(LoyaltyRoutes::scan)
                .split(body())
                .parallelProcessing()
                .executorService("readers")
                .stopOnException()
                .to("direct:book")
                .end()
                .process(LoyaltyRoutes::nameStamped)
                .to("dynastore:{{example.table}}?operation=batchGet")
                .process(this::conclude);

        from("direct:book")
                .routeId("book")
                .throttle(simple("{{example.inFlight}}", Integer.class))
                .concurrentRequestsMode()
                .process(LoyaltyRoutes::nameReceipt)
                .to("direct:addPoints")
                .process(this::booked);

        from("direct:addPoints")
                .routeId("add-points")
                .errorHandler(noErrorHandler())
                .to("dynastore:{{example.table}}?operation=get")
                .process(LoyaltyRoutes::addPoints)
                .to("dynastore:{{example.table}}?operation=update");
    }

    /** Scans in a random order that is the same in every run. */
    private static void scan(Exchange exchange) {
        List<Key> receipts = items(exchange, STAMPED).stream().map(Item::key).toList();
        if (receipts.isEmpty()) {
            throw new IllegalStateException("The store has no receipts. Check example.store and example.quarter.");
        }
        int count = Integer.parseInt(exchange.getContext().resolvePropertyPlaceholders("{{example.scans}}"));
        List<Scan> scans = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> new Scan(receipts.get(i % receipts.size()), 1 + i % MOST_POINTS))
                .toList());
        Collections.shuffle(scans, new Random(SEED));
        exchange.getMessage().setBody(scans);
    }

    private static void nameReceipt(Exchange exchange) {
        Scan scan = exchange.getMessage().getBody(Scan.class);
        exchange.getMessage()
                .setHeader(DynaStoreConstants.SORT_KEY, scan.receipt().sortKey());
        exchange.setProperty(POINTS, scan.points());
    }

    private static void addPoints(Exchange exchange) {
        Receipt.of(exchange.getMessage().getBody()).addPoints(exchange.getProperty(POINTS, Long.class));
    }

    private void booked(Exchange exchange) {
        report.add(Counter.SCANS, 1);
        report.add(Counter.POINTS_BOOKED, exchange.getProperty(POINTS, Long.class));
    }

    private static void nameStamped(Exchange exchange) {
        exchange.getMessage()
                .setHeader(
                        DynaStoreConstants.KEYS,
                        items(exchange, STAMPED).stream().map(Item::key).toList());
    }

    private void conclude(Exchange exchange) {
        List<Item> before = items(exchange, STAMPED);
        List<Item> after = List.of(exchange.getMessage().getBody(Item[].class));
        report.add(Counter.POINTS_FOUND, points(after) - points(before));
        report.check(
                report.get(Counter.POINTS_FOUND) == report.get(Counter.POINTS_BOOKED),
                "the points on the receipts are the points that were booked");
        report.check(
                versions(after) - versions(before) == report.get(Counter.SCANS),
                "each scan adds one version to a receipt");
        report.result(
                "%,d scans on %d receipts, %s, %,d conflicts retried; %,d points booked, %,d found",
                report.get(Counter.SCANS),
                after.size(),
                report.rate(Counter.SCANS),
                report.get(Counter.CONFLICTS),
                report.get(Counter.POINTS_BOOKED),
                report.get(Counter.POINTS_FOUND));
    }

    private static long points(List<Item> items) {
        return items.stream()
                .mapToLong(item -> Receipt.of(item.payload()).points())
                .sum();
    }

    private static long versions(List<Item> items) {
        return items.stream().mapToLong(Item::version).sum();
    }

    private static List<Item> items(Exchange exchange, String property) {
        return List.of(exchange.getProperty(property, Item[].class));
    }
}
