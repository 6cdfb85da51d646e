/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * A completed group that this node works on, from its completion or recovery until its exchange ends.
 *
 * <p>It is a completion of the exchange. So it moves with the exchange's unit of work, ends with it, and can be
 * collected together with an exchange that never ends. It runs last, when the aggregator has confirmed the group.
 */
final class CompletedClaim extends SynchronizationAdapter {

    private final String exchangeId;
    private final String holder;
    private final String partsId;
    private final int parts;
    private final Consumer<CompletedClaim> exchangeEnded;
    private volatile long renewed;
    private volatile long tried;
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
        this.exchangeId = exchangeId;
        this.holder = holder;
        this.partsId = partsId;
        this.parts = parts;
        this.renewed = sent;
        this.tried = sent;
        this.exchangeEnded = exchangeEnded;
    }

    String exchangeId() {
        return exchangeId;
    }

    String holder() {
        return holder;
    }

    String partsId() {
        return partsId;
    }

    int parts() {
        return parts;
    }

    /** When the lease was last renewed, by the ticker. */
    long renewed() {
        return renewed;
    }

    /** When a renewal was last sent, by the ticker. */
    long tried() {
        return tried;
    }

    void trying(long now) {
        tried = now;
    }

    void renewedAt(long sent) {
        renewed = sent;
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

    @Override
    public int getOrder() {
        return Ordered.LOWEST;
    }
}
