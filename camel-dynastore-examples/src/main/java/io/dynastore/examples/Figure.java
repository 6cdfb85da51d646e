/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

/** What the main job counts. */
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
    REFUSALS("refusals handled");

    private final String text;

    Figure(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
