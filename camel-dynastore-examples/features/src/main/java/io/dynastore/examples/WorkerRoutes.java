/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.store.LockLostException;
import java.util.Collections;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Workers that read a balance, add to it and write it back, all at once, under one lock. The lock is released when the
 * exchange is completed. Each write carries the fencing token of the lock, so that the write of an earlier holder is
 * rejected after that of a later holder.
 */
final class WorkerRoutes extends RouteBuilder {

    private static final int BOOKINGS = 40;
    private static final String LOCK = "dynastore:{{example.table}}?partitionKey=locks&sortKey=account&operation=lock";
    private static final String BALANCE =
            "dynastore:{{example.table}}?partitionKey=accounts&sortKey=account&operation=";

    private final Report report;

    WorkerRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        onException(LockLostException.class).handled(true).process(this::rejected);

        from("direct:workers")
                .routeId("workers")
                .process(exchange -> report.begin("workers", Counter.BOOKINGS))
                .setBody(constant(Collections.nCopies(BOOKINGS, 1)))
                .split(body())
                .parallelProcessing()
                .to("direct:book")
                .end()
                .to(BALANCE + "get")
                .process(exchange -> concludeWorkers(exchange.getMessage().getBody(Long.class)));

        from("direct:book")
                .routeId("book")
                .to(LOCK + "&acquireTimeout=60s&clockSkew=500ms")
                .setProperty("amount", body())
                .to(BALANCE + "get&failIfMissing=false")
                .process(WorkerRoutes::add)
                .to(BALANCE + "put")
                .process(exchange -> report.add(Counter.BOOKINGS, 1));

        // The lease expires before the write, and another worker books in the meantime.
        from("direct:stale")
                .routeId("stale")
                .process(exchange -> report.begin("stale", Counter.STALE_WRITES))
                .to(LOCK + "&lockTtl=1s&heartbeat=false&acquireTimeout=60s")
                .setProperty("amount", constant(1000))
                .to(BALANCE + "get")
                .process(WorkerRoutes::add)
                .process(exchange -> getContext()
                        .createFluentProducerTemplate()
                        .withBody(1)
                        .to("direct:book")
                        .request())
                .to(BALANCE + "put");
    }

    private static void add(Exchange exchange) {
        Long balance = exchange.getMessage().getBody(Long.class);
        long amount = exchange.getProperty("amount", Long.class);
        exchange.getMessage().setBody((balance == null ? 0 : balance) + amount);
    }

    private void concludeWorkers(long balance) {
        report.check(report.get(Counter.BOOKINGS) == BOOKINGS, "each booking is made");
        report.check(balance == BOOKINGS, "no booking is lost");
        report.result(
                "%d bookings of 1 at once, each read and written back under the lock: balance %d, %s",
                BOOKINGS, balance, report.rate(Counter.BOOKINGS));
    }

    private void rejected(Exchange exchange) {
        LockLostException lost = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, LockLostException.class);
        report.add(Counter.STALE_WRITES, 1);
        long balance =
                getContext().createFluentProducerTemplate().to(BALANCE + "get").request(Long.class);
        report.check(balance == BOOKINGS + 1, "the later booking is kept, the stale one is not written");
        report.result("the write of a holder whose lease had expired was rejected, balance %d", balance);
        report.line("  %s: %s", lost.getClass().getSimpleName(), lost.getMessage());
    }
}
