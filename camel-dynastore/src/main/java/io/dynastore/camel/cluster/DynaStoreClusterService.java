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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
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
 * <p>The leader of a namespace holds its lock ({@code _ds/cluster/<namespace>}, {@code leader}). Each member holds a
 * lock of its own beside it, which shows it to the others. Guaranteed, if clocks differ by less than {@link
 * #setClockSkew}:
 *
 * <ul>
 *   <li>No two members lead at the same time, if the routes of a former leader stop within a third of {@link
 *       #setLockTtl}. If a leader could not renew its lease for two thirds of it, it resigns, whether or not the store
 *       can be reached. If a process stands still for longer (a pause, a suspended machine), it acts for a moment when
 *       it resumes, as with every lease.
 *   <li>If a leader leaves, another leads after its next look, in practice at once. If a leader dies, another leads
 *       after the rest of its lease and the allowance for clocks.
 *   <li>If the store was out of reach, the election continues by itself afterwards.
 * </ul>
 *
 * <p>Cost for each member: a write every third of the lease for its own lock, and another for that of the leader. A
 * read every third of the lease, and one every {@link #setPollInterval} while it waits to lead.
 *
 * <p>Configure it before the start. Client, region and attribute names are those of the component, unless a client is
 * set.
 *
 * <p>Decision 14 in docs/decisions has the reasons.
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
                    "The length of the lease: if a leader dies, none leads for at least this time, in milliseconds or"
                            + " with a unit",
            defaultValue = "20s",
            javaType = "java.time.Duration")
    private Duration lockTtl = Duration.ofSeconds(20);

    @Metadata(
            description = "The largest difference between the clocks of members to allow for",
            defaultValue = "2s",
            javaType = "java.time.Duration")
    private Duration clockSkew = Duration.ofSeconds(2);

    @Metadata(
            description = "The longest time between two looks at the leader's lock",
            defaultValue = "1s",
            javaType = "java.time.Duration",
            label = "advanced")
    private Duration pollInterval = Duration.ofSeconds(1);

    @Metadata(
            description = "What shows that a leader that has not left can be replaced: clock, observe or both",
            defaultValue = "both",
            label = "advanced")
    private Takeover takeover = Takeover.BOTH;

    @Metadata(
            description = "Whether leaders may be elected on a table that is replicated to other regions without strong"
                    + " consistency; only safe if all members are in one region",
            defaultValue = "false",
            label = "advanced")
    private boolean allowReplicated;

    private final LongAdder listenerFailures = new LongAdder();
    private volatile Supplier<CompletableFuture<Void>> replication = () -> CompletableFuture.completedFuture(null);
    private @Nullable Locks locks;
    /** The views that exist. A view without references is collected. */
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

    /** The length of the lease: if a leader dies, none leads for at least this time. Default: 20 seconds. */
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

    /** The longest time between two looks at the leader's lock. Default: one second. */
    public void setPollInterval(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    public Takeover getTakeover() {
        return takeover;
    }

    /** What shows that a leader that has not left can be replaced. Default: both. */
    public void setTakeover(Takeover takeover) {
        this.takeover = takeover;
    }

    public boolean isAllowReplicated() {
        return allowReplicated;
    }

    /**
     * Whether leaders may be elected on a table that is replicated to other regions without strong consistency. That is
     * safe only if all members are in one region. Default: false.
     */
    public void setAllowReplicated(boolean allowReplicated) {
        this.allowReplicated = allowReplicated;
    }

    /** Fails if the table is replicated so that it can have no locks. Sends no request once the answer is known. */
    CompletableFuture<Void> replication() {
        return replication.get();
    }

    /**
     * Adds this service to the services of the context too. Camel adds the cluster services of its registry before it
     * creates the beans that properties and YAML declare. Without this, {@code master:} would not find such a bean. If
     * the context has started, the caller adds the service.
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

    /** How often a listener of a view has failed. Each failure is logged; the member and other listeners go on. */
    public long getListenerFailures() {
        return listenerFailures.sum();
    }

    LongAdder listenerFailures() {
        return listenerFailures;
    }

    /** The locks of the views. Only while the service is started. */
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
        if (!allowReplicated) {
            replication = () -> component.refuseReplicated(table);
            CompletableFuture<Void> unused = replication();
        }
        super.doStart();
    }

    /** All views leave at the same time. Camel stops them one by one, and each would wait for a store out of reach. */
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
            throw new InvalidInputException("Table " + schema.table()
                    + ": a cluster service needs a table with text keys and a sort key."
                    + " Set another table as tableName.");
        }
    }
}
