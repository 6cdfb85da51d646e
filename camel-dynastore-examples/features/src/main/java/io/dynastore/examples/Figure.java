/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

/** What the examples count. */
enum Figure {
    IMPORTED("receipts imported"),
    SCANS("loyalty scans booked"),
    CONFLICTS("version conflicts retried"),
    POINTS_BOOKED("loyalty points booked"),
    POINTS_FOUND("loyalty points found"),
    PAGES("pages read"),
    LISTED("receipts listed"),
    COUPONS_LIVE("coupons live"),
    COUPONS_ABSENT("coupons absent"),
    COUPONS_HELD("coupons still held"),
    REFUSALS("refusals handled"),
    BOOKINGS("bookings made under the lock"),
    STALE("writes of stale holders refused");

    private final String text;

    Figure(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
