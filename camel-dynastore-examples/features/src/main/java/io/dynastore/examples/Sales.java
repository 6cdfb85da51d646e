/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.math.BigDecimal;

/** How many receipts, and what was paid on them together. */
record Sales(long receipts, BigDecimal amount) {

    static final Sales NONE = new Sales(0, BigDecimal.ZERO);

    static Sales of(Receipt receipt) {
        return new Sales(1, receipt.sales());
    }

    Sales plus(Sales other) {
        return new Sales(receipts + other.receipts, amount.add(other.amount));
    }

    /** The same to the cent, whatever the trailing zeros. */
    boolean sameAs(Sales other) {
        return receipts == other.receipts && amount.compareTo(other.amount) == 0;
    }
}
