/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.PooledExchange;
import org.apache.camel.clock.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange has seen and holds: the versions of items, the leases of locks, the write whose outcome is unknown,
 * and the outputs that are inputs as well. Immutable, and kept as a property of the exchange.
 *
 * <p>A <em>journey</em> is an exchange and all its copies. Camel gives a copy the clock of the original, and no step
 * changes it. So the clock is the journey's identity. It is part of the property's name, as some steps overwrite the
 * properties of an exchange with those of another one.
 *
 * <ol>
 *   <li>The copies of split, multicast, recipient list, wire tap, loop and saga begin with the state of the original.
 *       What a copy adds later, neither the original nor another copy knows.
 *   <li>A copy that is sent to seda carries the state on, in place of the original.
 *   <li>If a step makes the result of a copy the result of the original (enrich or multicast without a strategy, a
 *       loop over copies), the original continues with the state of that copy. An aggregation strategy that keeps the
 *       original exchange keeps its state.
 *   <li>An aggregate continues with the state of the exchange that its strategy returns.
 *   <li>A redelivery and an error handler continue with the state that the failed step left.
 *   <li>The exchange that pollEnrich or poll takes in is of another journey. Its state is not taken over.
 *   <li>If pollEnrich or poll takes an item of a table, the exchange that asked for it has seen that item.
 *   <li>Camel fills a copy from a pool as it fills the result of a poll, and does not clear it before. So a pooled copy
 *       begins with the latest state that it finds, and a pooled original without a state continues with it.
 * </ol>
 *
 * <p>Decision 6 in docs/decisions has the reasons.
 */
public final class ExchangeState {

    private static final String PREFIX = "CamelDynaStoreState-";

    private static final ExchangeState NONE =
            new ExchangeState(null, SeenVersions.NONE, ExchangeLeases.NONE, null, LeftOvers.NONE, null);

    /** Null if nothing was kept yet. */
    private final @Nullable Clock journey;

    private final SeenVersions seen;
    private final ExchangeLeases leases;
    private final @Nullable UnresolvedWrite unresolved;
    private final LeftOvers leftOvers;
    private final @Nullable DeliveredItem delivered;

    /** When this was made, by the clock of the JVM. */
    private final long made = System.nanoTime();

    private ExchangeState(
            @Nullable Clock journey,
            SeenVersions seen,
            ExchangeLeases leases,
            @Nullable UnresolvedWrite unresolved,
            LeftOvers leftOvers,
            @Nullable DeliveredItem delivered) {
        this.journey = journey;
        this.seen = seen;
        this.leases = leases;
        this.unresolved = unresolved;
        this.leftOvers = leftOvers;
        this.delivered = delivered;
    }

    /** The state of an exchange; an empty one if it has none. */
    public static ExchangeState of(Exchange exchange) {
        if (!exchange.hasProperties()) {
            return NONE;
        }
        Clock own = exchange.getClock();
        boolean pooled = exchange instanceof PooledExchange;
        boolean pooledCopy = exchange instanceof PooledExchange copy && !copy.isAutoRelease();
        if (!pooledCopy && exchange.getProperty(name(own)) instanceof ExchangeState state && state.journey == own) {
            return state;
        }
        return pooled ? latest(exchange) : NONE;
    }

    private static ExchangeState latest(Exchange exchange) {
        ExchangeState latest = NONE;
        for (Object value : exchange.getProperties().values()) {
            if (value instanceof ExchangeState state && (latest == NONE || state.made - latest.made > 0)) {
                latest = state;
            }
        }
        return latest;
    }

    /** Changes the state of an exchange. */
    public static void change(Exchange exchange, UnaryOperator<ExchangeState> change) {
        ExchangeState old = of(exchange);
        ExchangeState changed = change.apply(old);
        if (changed != old) {
            changed.keep(exchange);
        }
    }

    /** Takes in an item that this exchange has asked a polling consumer for. */
    public static void takeIn(Exchange exchange, Exchange polled) {
        DeliveredItem item = of(polled).delivered;
        if (item != null) {
            change(exchange, state -> state.with(item));
        }
    }

    /** Makes this the state of an exchange, and removes those that polls have brought. */
    private void keep(Exchange exchange) {
        Clock of = journey == null ? exchange.getClock() : journey;
        String name = name(of);
        if (exchange.hasProperties()) {
            exchange.getProperties().keySet().removeIf(other -> other.startsWith(PREFIX) && !other.equals(name));
        }
        exchange.setProperty(
                name, journey != null ? this : new ExchangeState(of, seen, leases, unresolved, leftOvers, delivered));
    }

    private static String name(Clock journey) {
        return PREFIX + Integer.toHexString(System.identityHashCode(journey));
    }

    /** The versions that were seen. */
    public SeenVersions seen() {
        return seen;
    }

    /** The leases that are held. */
    public ExchangeLeases leases() {
        return leases;
    }

    /** The last write whose outcome is unknown. */
    public @Nullable UnresolvedWrite unresolved() {
        return unresolved;
    }

    /** The outputs that are inputs as well. */
    public LeftOvers leftOvers() {
        return leftOvers;
    }

    /** This state with other versions. */
    public ExchangeState with(SeenVersions versions) {
        return versions == seen ? this : new ExchangeState(journey, versions, leases, unresolved, leftOvers, delivered);
    }

    /** This state with other leases. */
    public ExchangeState with(ExchangeLeases held) {
        return new ExchangeState(journey, seen, held, unresolved, leftOvers, delivered);
    }

    /** This state with another write whose outcome is unknown; null if all outcomes are known. */
    public ExchangeState unresolved(@Nullable UnresolvedWrite write) {
        return write == null && unresolved == null
                ? this
                : new ExchangeState(journey, seen, leases, write, leftOvers, delivered);
    }

    /** This state with other outputs. */
    public ExchangeState with(LeftOvers outputs) {
        return new ExchangeState(journey, seen, leases, unresolved, outputs, delivered);
    }

    /** This state with an item that was delivered, whose key headers are set. */
    public ExchangeState with(DeliveredItem item) {
        return new ExchangeState(
                journey,
                seen.with(item),
                leases,
                unresolved,
                leftOvers.withKey(item.item().key()),
                item);
    }
}
