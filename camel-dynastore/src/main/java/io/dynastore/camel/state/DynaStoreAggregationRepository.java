/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.TableConnection;
import io.dynastore.lease.Ticker;
import io.dynastore.store.InvalidInputException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.OptimisticLockingAggregationRepository;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation repository on a DynamoDB table, for any number of nodes.
 *
 * <ul>
 *   <li>A message is added to a group only if the group is as it was read. Otherwise it is an
 *       {@code OptimisticLockingException}, and {@code optimisticLocking()} in the route tries again. A lost response
 *       is no conflict.
 *   <li>One node completes a group: it becomes a completed group in one transaction.
 *   <li>A completed group has a lease, which is renewed while its exchange runs. If the exchange fails, this node
 *       recovers the group. If the node crashes, another one does, after {@link #setInFlightTtl}.
 *   <li>Recoveries are counted in the table, so that {@link #setMaximumRedeliveries} holds over all nodes and restarts.
 *   <li>A large group is compressed, and then split, up to 3.9 MB. Above, the message fails, and the group stays.
 *   <li>Simple values are stored so that they can be read in the table. Other objects are serialized if their class is
 *       a value class of the JDK or in {@link #setAllowedClasses}. No other is written or read.
 * </ul>
 *
 * <p>Each step is one request. Camel waits for it, since its interface has no other way. The repository works on after
 * a stop, because a stopping route also stops the repository of other routes. It ends with the component.
 *
 * <p>The aggregation strategy has to return the old exchange, if there is one. Otherwise a group that is completed by
 * a message is not recovered after a crash: Camel does not pass the new exchange.
 *
 * <p>Decision 18 in docs/decisions has the reasons.
 */
@Metadata(
        label = "bean",
        description = "Aggregation repository on a DynamoDB table, for any number of nodes",
        annotations = "interfaceName=org.apache.camel.spi.AggregationRepository")
@Configurer(metadataOnly = true)
@ManagedResource(description = "Aggregation repository on a DynamoDB table")
public class DynaStoreAggregationRepository extends DynaStoreRecoverableRepository
        implements OptimisticLockingAggregationRepository {

    /** The exchange property of a recovered group with the number of its recoveries on all nodes. Type Integer. */
    public static final String DELIVERY_COUNT = "CamelDynaStoreDeliveryCount";

    @Metadata(
            description = "How long a group is kept after its last message, in milliseconds or with a unit; for ever by"
                    + " default",
            javaType = "java.time.Duration")
    private @Nullable Duration ttl;

    @Metadata(
            description = "The number of partitions that the groups are spread over. It can't be changed later",
            defaultValue = "16",
            label = "advanced")
    private int shards = 16;

    @Metadata(
            description = "Classes whose objects may be serialized, beside value classes of the JDK: names, or packages"
                    + " as com.acme.*, separated by commas")
    private @Nullable String allowedClasses;

    @Metadata(
            description = "When contents are compressed: AUTO (if they don't fit into an item), ALWAYS or NONE",
            defaultValue = "AUTO")
    private Compression compression = Compression.AUTO;

    @Metadata(
            description = "Whether a time-out counts from the last message on any node, and is taken over from a node"
                    + " that has died",
            defaultValue = "false")
    private boolean adoptTimeouts;

    @Metadata(
            description = "How long after its time-out a group is taken over, and how often to look for such groups",
            defaultValue = "1m",
            javaType = "java.time.Duration",
            label = "advanced")
    private Duration adoptInterval = Duration.ofMinutes(1);

    private final AggregationCounters counters = new AggregationCounters();
    private Clock clock = Clock.systemUTC();
    private Ticker ticker = Ticker.system();
    private volatile @Nullable AggregationParts parts;

    public DynaStoreAggregationRepository() {}

    public @Nullable Duration getTtl() {
        return ttl;
    }

    /** How long a group is kept after its last message. Default: for ever. */
    public void setTtl(@Nullable Duration ttl) {
        this.ttl = ttl;
    }

    public int getShards() {
        return shards;
    }

    /** The number of partitions that the groups are spread over. The table keeps it. Default: 16. */
    public void setShards(int shards) {
        this.shards = shards;
    }

    public @Nullable String getAllowedClasses() {
        return allowedClasses;
    }

    /** Classes whose objects may be serialized: names, or packages as {@code com.acme.*}, separated by commas. */
    public void setAllowedClasses(@Nullable String allowedClasses) {
        this.allowedClasses = allowedClasses;
    }

    public Compression getCompression() {
        return compression;
    }

    /** When contents are compressed. Default: if they don't fit into an item. */
    public void setCompression(Compression compression) {
        this.compression = compression;
    }

    public boolean isAdoptTimeouts() {
        return adoptTimeouts;
    }

    /** Whether time-outs count from the last message on any node, and outlive the node. Default: false. */
    public void setAdoptTimeouts(boolean adoptTimeouts) {
        this.adoptTimeouts = adoptTimeouts;
    }

    public Duration getAdoptInterval() {
        return adoptInterval;
    }

    /** How long after its time-out a group is taken over, and how often to look for such groups. Default: 1 min. */
    public void setAdoptInterval(Duration adoptInterval) {
        this.adoptInterval = adoptInterval;
    }

    @Override
    public @Nullable Exchange add(
            CamelContext camelContext, String key, @Nullable Exchange oldExchange, Exchange newExchange) {
        return RepeatedMessages.step(newExchange, () -> {
            parts().groups().add(key, oldExchange, newExchange);
            return oldExchange;
        });
    }

    /** Adds an exchange in place of the one that this thread has got. Returns null: Camel does not use it. */
    @Override
    public @Nullable Exchange add(CamelContext camelContext, String key, Exchange exchange) {
        parts().groups().add(key, exchange);
        return null;
    }

    @Override
    public @Nullable Exchange get(CamelContext camelContext, String key) {
        return RepeatedMessages.step(null, () -> parts().groups().get(camelContext, key));
    }

    @Override
    public void remove(CamelContext camelContext, String key, Exchange exchange) {
        RepeatedMessages.step(exchange, () -> {
            parts().groups().remove(key, exchange);
            return key;
        });
    }

    @Override
    public void confirm(CamelContext camelContext, String exchangeId) {
        parts().completed().confirm(exchangeId);
    }

    @Override
    public boolean confirmWithResult(CamelContext camelContext, String exchangeId) {
        return parts().completed().confirm(exchangeId);
    }

    @Override
    public Set<String> getKeys() {
        return parts().groups().keys();
    }

    @Override
    public Set<String> scan(CamelContext camelContext) {
        return parts().completed().scan();
    }

    @Override
    public @Nullable Exchange recover(CamelContext camelContext, String exchangeId) {
        return parts().completed().recover(camelContext, exchangeId);
    }

    /** The number of groups in progress, of all nodes. It reads them all. */
    @ManagedOperation(description = "Counts the groups in progress of all nodes, which reads them all")
    public int countGroups() {
        return parts().groups().count();
    }

    /** The number of completed groups that this node works on. */
    @ManagedAttribute(description = "The number of completed groups that this node works on")
    public int getInFlightCount() {
        AggregationParts running = parts;
        return running == null ? 0 : running.keeper().size();
    }

    /** The number of processed groups of this node whose confirm got no response yet, so that it is repeated. */
    @ManagedAttribute(description = "The number of processed groups whose confirm is repeated")
    public int getUnconfirmedCount() {
        AggregationParts running = parts;
        return running == null ? 0 : running.keeper().unconfirmed();
    }

    /** The number of writes that another node or thread was ahead of. */
    @ManagedAttribute(description = "The number of writes that another node or thread was ahead of")
    public long getConflictCount() {
        return counters.conflicts().sum();
    }

    /** The number of groups that this node has completed. */
    @ManagedAttribute(description = "The number of groups that this node has completed")
    public long getCompletedCount() {
        return counters.completed().sum();
    }

    /** The number of completed groups that this node has delivered again. */
    @ManagedAttribute(description = "The number of completed groups that this node has delivered again")
    public long getRecoveredCount() {
        return counters.recovered().sum();
    }

    /** The number of completed groups that this node has sent to the dead letter endpoint. */
    @ManagedAttribute(description = "The number of completed groups that went to the dead letter endpoint")
    public long getExhaustedCount() {
        return counters.exhausted().sum();
    }

    /** The number of groups whose time-out this node has taken over. */
    @ManagedAttribute(description = "The number of groups whose time-out this node has taken over")
    public long getAdoptedCount() {
        return counters.adopted().sum();
    }

    /** The number of groups that another node has recovered while this one worked on them. */
    @ManagedAttribute(description = "The number of groups that another node recovered while this one worked on them")
    public long getLostCount() {
        return counters.lost().sum();
    }

    /** The number of groups that were completed without a copy to recover. */
    @ManagedAttribute(description = "The number of groups that were completed without a copy to recover")
    public long getUnrecoverableCount() {
        return counters.unrecoverable().sum();
    }

    /** Sets the clocks, for tests. */
    void setTime(Clock wall, Ticker monotonic) {
        clock = wall;
        ticker = monotonic;
    }

    /** Sends the renewals that are due now, for tests. */
    void renewDue() {
        parts().keeper().look();
    }

    /** Completes the groups that are overdue now, for tests. */
    void adoptDue() {
        parts().overdue().look(adoptInterval);
    }

    private AggregationParts parts() {
        AggregationParts current = parts;
        if (current == null) {
            throw new IllegalStateException("The aggregation repository " + getName() + " is not started: start it.");
        }
        return current;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        AggregationParts running = parts;
        if (running != null && running.keeper().isStarted()) {
            return;
        }
        checkSettings();
        AllowedClasses allowed = new AllowedClasses(allowedClasses);
        TableConnection table = connectToOneRegion();
        CamelContext context = Objects.requireNonNull(getCamelContext());
        AggregationPlaces places = new AggregationPlaces(String.valueOf(getName()), shards);
        AggregationParts started = AggregationParts.create(context, table, places, allowed, settings());
        TableRequests patient = new TableRequests(table, TableRequests.LONGEST);
        checked(table, () -> started.agree(patient));
        started.start(component());
        CompletedKeeper keeper = started.keeper();
        component()
                .show(table, counters.metrics(places.name(), keeper::size, keeper::unconfirmed, keeper::oldestMillis));
        parts = started;
        if (!context.hasService(this)) {
            // For JMX. An aggregator starts its repository without that, unlike an idempotent consumer.
            context.addService(this);
        }
    }

    private AggregationSettings settings() {
        return new AggregationSettings(
                getInFlightTtl(),
                getClockSkew(),
                ttl,
                isUseRecovery(),
                getMaximumRedeliveries(),
                getDeadLetterUri(),
                adoptTimeouts ? adoptInterval : null,
                compression,
                clock,
                ticker,
                counters,
                IdempotentSettings.thisProcess());
    }

    private void checkSettings() {
        checkRecovery();
        ShardNumber.check(shards);
        if (ttl != null && ttl.toSeconds() < 1) {
            throw new InvalidInputException("ttl is at least a second, not " + ttl + ".");
        }
        if (adoptTimeouts && (!isUseRecovery() || adoptInterval.toMillis() < 1)) {
            throw new InvalidInputException("adoptTimeouts needs useRecovery=true and a positive adoptInterval, not "
                    + isUseRecovery() + " and " + adoptInterval + ".");
        }
    }
}
