/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/**
 * Step 4: writes coupons that expire after a second. An expired item counts as absent, although DynamoDB removes it
 * only some time later.
 */
final class ExpiryRoutes extends RouteBuilder {

    private static final int COUPONS = 5;

    private final Report report;

    ExpiryRoutes(Report report) {
        this.report = report;
    }

    @Override
    public void configure() {
        from("direct:expiry")
                .routeId("expiry")
                .process(exchange -> report.begin("expiry", Counter.COUPONS_LIVE))
                .setHeader(DynaStoreConstants.PARTITION_KEY, constant("coupons"))
                .loop(COUPONS)
                .to("direct:writeCoupon")
                .end()
                .loopDoWhile(header(DynaStoreConstants.FOUND))
                .to("direct:checkCoupon")
                .end()
                .loop(COUPONS)
                .to("direct:readExpired")
                .end()
                .process(this::conclude);

        from("direct:writeCoupon")
                .routeId("write-coupon")
                .process(ExpiryRoutes::nameCoupon)
                .setBody(constant(Map.of("percent", 10)))
                .to("dynastore:{{example.table}}?operation=put&ttl=1s")
                .to("dynastore:{{example.table}}?operation=get&failIfMissing=false")
                .process(exchange -> count(exchange, Counter.COUPONS_LIVE, true));

        // No thread waits: the delay is asynchronous.
        from("direct:checkCoupon")
                .routeId("check-coupon")
                .delay(100)
                .asyncDelayed()
                .to("dynastore:{{example.table}}?operation=exists");

        from("direct:readExpired")
                .routeId("read-expired")
                .process(ExpiryRoutes::nameCoupon)
                .to("dynastore:{{example.table}}?operation=get&failIfMissing=false")
                .process(exchange -> count(exchange, Counter.COUPONS_ABSENT, false))
                .to("dynastore:{{example.table}}?operation=get&failIfMissing=false&includeExpired=true")
                .process(exchange -> count(exchange, Counter.COUPONS_HELD, true));
    }

    private static void nameCoupon(Exchange exchange) {
        exchange.getMessage()
                .setHeader(
                        DynaStoreConstants.SORT_KEY,
                        "coupon-" + exchange.getProperty(Exchange.LOOP_INDEX, Integer.class));
    }

    private void count(Exchange exchange, Counter counter, boolean found) {
        if (exchange.getMessage().getHeader(DynaStoreConstants.FOUND, Boolean.class) == found) {
            report.add(counter, 1);
        }
    }

    private void conclude(Exchange exchange) {
        report.check(report.get(Counter.COUPONS_LIVE) == COUPONS, "coupons are live after they were written");
        report.check(report.get(Counter.COUPONS_ABSENT) == COUPONS, "coupons are absent after they have expired");
        report.result(
                "%d coupons with ttl=1s: %d live at first, %d absent after %.1f s, %d of them still held by the engine",
                COUPONS,
                report.get(Counter.COUPONS_LIVE),
                report.get(Counter.COUPONS_ABSENT),
                report.stepSeconds(),
                report.get(Counter.COUPONS_HELD));
    }
}
