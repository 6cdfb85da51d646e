/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.TableConnection;
import io.dynastore.lease.Locks;
import io.dynastore.lease.Takeover;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyType;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.cluster.AbstractCamelClusterService;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Leader election on a DynamoDB table, for {@code master:} endpoints and clustered route policies.
 *
 * <p>The leader of a namespace is who holds its lock ({@code _ds/cluster/<namespace>}, {@code leader}); each member
 * holds a lock of its own beside it, by which the others see it. What is guaranteed, while clocks differ by less than
 * {@link #setClockSkew}:
 *
 * <ul>
 *   <li>No two members lead at the same time, as long as the routes of the one that loses the lead stop within a third
 *       of {@link #setLockTtl}: a leader that could not renew its lease for two thirds of it gives up, whether or not
 *       the store can be reached. A process that stands still longer than that (a pause, a suspended machine) acts for
 *       a moment after it goes on, as with every lease.
 *   <li>A leader that leaves is followed at the next look of the others, at once for practical purposes; one that dies,
 *       after the rest of its lease and the allowance for clocks.
 *   <li>After the store was out of reach, all goes on by itself.
 * </ul>
 *
 * <p>Costs for each member: a write every third of the lease for itself, another for the leader, and a read every third
 * of the lease, and as often as {@link #setPollInterval} says while it waits to lead.
 *
 * <p>To be configured before it is started. Client, region and attribute names are those of the component, unless a
 * client is set.
 */
@Metadata(
        label = "bean",
        description = "Leader election for Camel on a DynamoDB table",
        annotations = "interfaceName=org.apache.camel.cluster.CamelClusterService")
@Configurer(metadataOnly = true)
public class DynaStoreClusterService extends AbstractCamelClusterService<DynaStoreClusterView> {

    @Metadata(description = "The name of the table; its keys are text, and it has a sort key", required = true)
    private @Nullable String tableName;

    @Metadata(description = "The client to use; that of the component by default", label = "advanced")
    private @Nullable DynamoDbAsyncClient dynamoDbAsyncClient;

    @Metadata(
            description =
                    "The length of the lease: how long a leader that dies is missed at least, in milliseconds or with a unit",
            defaultValue = "20s",
            javaType = "java.time.Duration")
    private Duration lockTtl = Duration.ofSeconds(20);

    @Metadata(
            description = "The largest difference between the clocks of members to allow for",
            defaultValue = "2s",
            javaType = "java.time.Duration")
    private Duration clockSkew = Duration.ofSeconds(2);

    @Metadata(
            description = "The most time between two looks at the leader's lock",
            defaultValue = "1s",
            javaType = "java.time.Duration",
            label = "advanced")
    private Duration pollInterval = Duration.ofSeconds(1);

    @Metadata(
            description = "On what grounds the lead is taken from a leader that has not left: clock, observe or both",
            defaultValue = "both",
            label = "advanced")
    private Takeover takeover = Takeover.BOTH;

    private @Nullable Locks locks;
    /** Those that were made. Those that nobody uses any more go by themselves. */
    private final Set<DynaStoreClusterView> views =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    public DynaStoreClusterService() {}

    public @Nullable String getTableName() {
        return tableName;
    }

    /** The name of the table; its keys are text, and it has a sort key. */
    public void setTableName(@Nullable String tableName) {
        this.tableName = tableName;
    }

    public @Nullable DynamoDbAsyncClient getDynamoDbAsyncClient() {
        return dynamoDbAsyncClient;
    }

    /** The client to use, which is not closed here. Default: that of the component. */
    public void setDynamoDbAsyncClient(@Nullable DynamoDbAsyncClient dynamoDbAsyncClient) {
        this.dynamoDbAsyncClient = dynamoDbAsyncClient;
    }

    public Duration getLockTtl() {
        return lockTtl;
    }

    /** The length of the lease: how long a leader that dies is missed at least. Default: 20 seconds. */
    public void setLockTtl(Duration lockTtl) {
        this.lockTtl = lockTtl;
    }

    public Duration getClockSkew() {
        return clockSkew;
    }

    /** The largest difference between the clocks of members to allow for. Default: 2 seconds. */
    public void setClockSkew(Duration clockSkew) {
        this.clockSkew = clockSkew;
    }

    public Duration getPollInterval() {
        return pollInterval;
    }

    /** The most time between two looks at the leader's lock. Default: one second. */
    public void setPollInterval(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    public Takeover getTakeover() {
        return takeover;
    }

    /** On what grounds the lead is taken from a leader that has not left. Default: both. */
    public void setTakeover(Takeover takeover) {
        this.takeover = takeover;
    }

    /**
     * Joins the services of the context too. Camel itself has done so with the cluster services of its registry before
     * it makes the beans that properties and YAML declare, so that {@code master:} would not find one of these. Later,
     * whoever adds it decides when.
     */
    @Override
    public void setCamelContext(CamelContext context) {
        boolean known = context.equals(getCamelContext());
        super.setCamelContext(context);
        if (!known && !context.isStarted()) {
            join(context);
        }
    }

    private void join(CamelContext context) {
        try {
            context.addService(this);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    @Override
    protected DynaStoreClusterView createView(String namespace) {
        DynaStoreClusterView view = new DynaStoreClusterView(this, namespace);
        views.add(view);
        return view;
    }

    /** The locks that views elect their leaders by. Only while the service is started. */
    Locks locks() {
        return Objects.requireNonNull(locks, "the cluster service is not started");
    }

    @Override
    protected void doStart() throws Exception {
        DynaStoreComponent component = getCamelContext().getComponent("dynastore", DynaStoreComponent.class);
        TableConnection table = component.access(name(), dynamoDbAsyncClient);
        component.stopFirst(this);
        check(table.schema());
        locks = Locks.builder(table.client(), table.schema())
                .executor(table.threads())
                .build();
        component.show(locks);
        super.doStart();
    }

    /**
     * All views leave at the same time: Camel stops one after the other, and a store that is out of reach must not cost
     * the time of each.
     */
    @Override
    protected void doStop() throws Exception {
        long end = System.nanoTime() + ElectionLocks.LEAVE_TIMEOUT.toNanos();
        List.copyOf(views).forEach(view -> view.beginToLeave(end));
        super.doStop();
        Locks open = locks;
        locks = null;
        if (open != null) {
            Locks.closeAll(List.of(open), Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    private String name() {
        if (tableName == null || tableName.isBlank()) {
            throw new InvalidInputException("The cluster service needs a table: set tableName.");
        }
        return tableName;
    }

    private static void check(TableSchema schema) {
        if (schema.partitionKey().type() != KeyType.STRING
                || schema.sortKey() == null
                || schema.sortKey().type() != KeyType.STRING) {
            throw new InvalidInputException(
                    "Table " + schema.table()
                            + ": a cluster service needs a table with text keys and a sort key. Give it another one by tableName.");
        }
    }
}
