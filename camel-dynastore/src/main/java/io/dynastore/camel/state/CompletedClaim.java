/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.function.Consumer;
import org.apache.camel.Exchange;

/** A completed group that this node works on, from its completion or recovery until its exchange ends. */
final class CompletedClaim extends RenewedClaim {

    private final String exchangeId;
    private final String partsId;
    private final int parts;
    private final Consumer<CompletedClaim> exchangeEnded;
    private volatile boolean ending;

    /**
     * A claim that is made now.
     *
     * @param holder the id of the completion or recovery
     * @param sent when it was sent, by the ticker
     * @param exchangeEnded is told when the exchange has ended
     */
    CompletedClaim(
            String exchangeId,
            String holder,
            String partsId,
            int parts,
            long sent,
            Consumer<CompletedClaim> exchangeEnded) {
        super(holder, sent);
        this.exchangeId = exchangeId;
        this.partsId = partsId;
        this.parts = parts;
        this.exchangeEnded = exchangeEnded;
    }

    String exchangeId() {
        return exchangeId;
    }

    String partsId() {
        return partsId;
    }

    int parts() {
        return parts;
    }

    /** The group is being confirmed. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    @Override
    public void onDone(Exchange exchange) {
        exchangeEnded.accept(this);
    }
}
