/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.TableConnection;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The settings that all repositories on a table have: the table, and what replaces the settings of the component
 * {@code dynastore}. Configure a repository before its start.
 */
public abstract class DynaStoreRepository extends ServiceSupport implements CamelContextAware {

    private static final int LONGEST_NAME = 512;

    /** The component gives up before. */
    private static final Duration LONGEST_DESCRIPTION = Duration.ofSeconds(10);

    @Metadata(description = "The name of the table; its keys are text, and it has a sort key", required = true)
    private @Nullable String tableName;

    @Metadata(
            description = "The name of this repository, without a slash. Repositories of the same name share their"
                    + " entries",
            required = true)
    private @Nullable String name;

    @Metadata(description = "The client to use; that of the component by default", label = "advanced")
    private @Nullable DynamoDbAsyncClient dynamoDbAsyncClient;

    @Metadata(description = "The region of the table; that of the component by default")
    private @Nullable String region;

    @Metadata(description = "The partition key attribute; that of the component by default", label = "advanced")
    private @Nullable String partitionKeyName;

    @Metadata(description = "The sort key attribute; that of the component by default", label = "advanced")
    private @Nullable String sortKeyName;

    @Metadata(description = "The expiry attribute; that of the component by default", label = "advanced")
    private @Nullable String expiresName;

    @Metadata(
            description = "Whether to create the table at the start unless it exists; as the component by default",
            javaType = "java.lang.Boolean")
    private @Nullable Boolean autoCreateTable;

    @Metadata(
            description =
                    "Whether a repository whose nodes agree by conditions is allowed on a table that is replicated to"
                            + " other regions without strong consistency. Safe only if all its nodes are in one region",
            label = "advanced",
            defaultValue = "false")
    private boolean allowReplicated;

    private @Nullable CamelContext camelContext;

    DynaStoreRepository() {}

    @Override
    public @Nullable CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public @Nullable String getTableName() {
        return tableName;
    }

    /** The name of the table; its keys are text, and it has a sort key. */
    public void setTableName(@Nullable String tableName) {
        this.tableName = tableName;
    }

    public @Nullable String getName() {
        return name;
    }

    /** The name of this repository, without a slash. Repositories of the same name share their entries. */
    public void setName(@Nullable String name) {
        this.name = name;
    }

    public @Nullable DynamoDbAsyncClient getDynamoDbAsyncClient() {
        return dynamoDbAsyncClient;
    }

    /** The client to use, which is not closed here. Default: that of the component. */
    public void setDynamoDbAsyncClient(@Nullable DynamoDbAsyncClient dynamoDbAsyncClient) {
        this.dynamoDbAsyncClient = dynamoDbAsyncClient;
    }

    public @Nullable String getRegion() {
        return region;
    }

    /** The region of the table. With it, the client is one of the component's own. Default: the component's. */
    public void setRegion(@Nullable String region) {
        this.region = region;
    }

    public @Nullable String getPartitionKeyName() {
        return partitionKeyName;
    }

    /** The partition key attribute. Default: that of the component. */
    public void setPartitionKeyName(@Nullable String partitionKeyName) {
        this.partitionKeyName = partitionKeyName;
    }

    public @Nullable String getSortKeyName() {
        return sortKeyName;
    }

    /** The sort key attribute. Default: that of the component. */
    public void setSortKeyName(@Nullable String sortKeyName) {
        this.sortKeyName = sortKeyName;
    }

    public @Nullable String getExpiresName() {
        return expiresName;
    }

    /** The expiry attribute, which is the table's TTL attribute. Default: that of the component. */
    public void setExpiresName(@Nullable String expiresName) {
        this.expiresName = expiresName;
    }

    public @Nullable Boolean getAutoCreateTable() {
        return autoCreateTable;
    }

    /** Whether to create the table at the start unless it exists. Default: as the component. */
    public void setAutoCreateTable(@Nullable Boolean autoCreateTable) {
        this.autoCreateTable = autoCreateTable;
    }

    public boolean isAllowReplicated() {
        return allowReplicated;
    }

    /**
     * Whether a repository whose nodes agree by conditions is allowed on a table that is replicated to other regions
     * without strong consistency. That is safe only if all its nodes are in one region. Others ask nothing, and are
     * allowed in any case. Default: false.
     */
    public void setAllowReplicated(boolean allowReplicated) {
        this.allowReplicated = allowReplicated;
    }

    /** The component whose client and settings apply where this repository has none of its own. */
    DynaStoreComponent component() {
        CamelContext context = Objects.requireNonNull(camelContext, "the repository has no Camel context");
        return context.getComponent("dynastore", DynaStoreComponent.class);
    }

    /** Connects to the table, which is created if that is wanted. Else nothing is sent. */
    TableConnection connect() throws Exception {
        checkName();
        DynaStoreComponent component = component();
        DynaStoreConfiguration options = component.getConfiguration().copy();
        override(options);
        TableConnection table = reported(TableErrorLog.of(tableName()), () -> component.access(options));
        check(table.schema());
        if (options.isAutoCreateTable()) {
            Duration timeout = Duration.ofMillis(options.getAutoCreateTimeout());
            checked(
                    table,
                    () -> TableRequests.await(
                            new TableCreation(table.client(), table.schema()).ensure(timeout), timeout.plusSeconds(1)));
        }
        return table;
    }

    /**
     * Connects to the table, and refuses it if it is replicated to other regions without strong consistency: nodes of
     * two regions could have one key or group at once.
     */
    TableConnection connectToOneRegion() throws Exception {
        TableConnection table = connect();
        if (!allowReplicated) {
            checked(table, () -> TableRequests.await(component().refuseReplicated(table), LONGEST_DESCRIPTION));
        }
        return table;
    }

    /** Runs a request of the start. If the table can't be used, one line in the log says why. */
    static <T> T checked(TableConnection table, ThrowingSupplier<T> request) throws Exception {
        return reported(TableErrorLog.of(table.schema().table(), table.client()), request);
    }

    /** A request that may fail with any error. */
    @FunctionalInterface
    interface ThrowingSupplier<T> {
        T get() throws Exception;
    }

    private static <T> T reported(TableErrorLog log, ThrowingSupplier<T> request) throws Exception {
        try {
            return request.get();
        } catch (Exception e) {
            log.report(e);
            throw e;
        }
    }

    /** Sets what this repository has of its own. */
    void override(DynaStoreConfiguration options) {
        options.setTableName(tableName());
        if (region != null) {
            options.setRegion(region);
            options.setDynamoDbAsyncClient(null);
        }
        set(dynamoDbAsyncClient, options::setDynamoDbAsyncClient);
        set(partitionKeyName, options::setPartitionKeyName);
        set(sortKeyName, options::setSortKeyName);
        set(expiresName, options::setExpiresName);
        set(autoCreateTable, options::setAutoCreateTable);
    }

    static <T> void set(@Nullable T value, Consumer<T> option) {
        if (value != null) {
            option.accept(value);
        }
    }

    private String tableName() {
        if (tableName == null || tableName.isBlank()) {
            throw new InvalidInputException("A repository needs a table: set tableName.");
        }
        return tableName;
    }

    private void checkName() {
        if (name == null || name.isBlank() || name.contains("/") || name.length() > LONGEST_NAME) {
            throw new InvalidInputException("Table " + tableName() + ": a repository needs a name of at most "
                    + LONGEST_NAME + " characters without a slash. Set name.");
        }
    }

    private static void check(TableSchema schema) {
        KeyAttribute sortKey = schema.sortKey();
        if (schema.partitionKey().type() != KeyType.STRING || sortKey == null || sortKey.type() != KeyType.STRING) {
            throw new InvalidInputException("Table " + schema.table()
                    + ": a repository needs a table with text keys and a sort key. Set another table as tableName.");
        }
    }
}
