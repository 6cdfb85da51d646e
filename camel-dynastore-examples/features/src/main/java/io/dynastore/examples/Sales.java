/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.math.BigDecimal;

/** A number of receipts and the sum of the amounts paid. */
record Sales(long receipts, BigDecimal amount) {

    static final Sales NONE = new Sales(0, BigDecimal.ZERO);

    static Sales of(Receipt receipt) {
        return new Sales(1, receipt.sales());
    }

    Sales plus(Sales other) {
        return new Sales(receipts + other.receipts, amount.add(other.amount));
    }

    /** Equal amounts; trailing zeros do not matter. */
    boolean sameAs(Sales other) {
        return receipts == other.receipts && amount.compareTo(other.amount) == 0;
    }
}
