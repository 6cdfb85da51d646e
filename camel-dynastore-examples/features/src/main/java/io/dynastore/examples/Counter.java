/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

/** What the jobs count. */
enum Counter {
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
    ERRORS("errors handled"),
    BOOKINGS("bookings made under the lock"),
    STALE_WRITES("writes of stale holders rejected");

    private final String text;

    Counter(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
