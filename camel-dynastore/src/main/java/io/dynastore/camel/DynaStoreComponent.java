/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.camel.internal.client.ClientRegistry;
import io.dynastore.camel.internal.client.ClientWarnings;
import io.dynastore.camel.internal.client.StartedTables;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.client.TableSchemas;
import io.dynastore.camel.internal.consumer.SharedPoller;
import io.dynastore.camel.internal.monitor.MetricsBinder;
import io.dynastore.camel.internal.monitor.MonitoredState;
import io.dynastore.camel.internal.thread.RouteExecutor;
import io.dynastore.lease.Locks;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Service;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The component {@code dynastore:tableName}.
 *
 * <p>It owns what its endpoints share: one client for each set of equal settings, the threads on which routes continue
 * after a response, and the locks of their exchanges. When the component stops, it releases the locks, closes its
 * clients and ends the threads. It does not close a client of the application.
 *
 * <p>Thread safe once it is configured.
 */
@Component("dynastore")
public class DynaStoreComponent extends HealthCheckComponent {

    /** The longest time that the release of all locks may take. */
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(10);

    @Metadata(description = "The options that all endpoints start from.")
    private DynaStoreConfiguration configuration = new DynaStoreConfiguration();

    /**
     * The open pollers. If threads ask for a new endpoint at the same time, Camel makes several, and stops only one of
     * them.
     */
    private final Set<SharedPoller> pollers = ConcurrentHashMap.newKeySet();

    /** The context is read only when something starts: it is not known yet. */
    @SuppressWarnings("this-escape")
    private final MonitoredState monitored = new MonitoredState(() -> MetricsBinder.of(getCamelContext()));

    private final ClientRegistry clients = new ClientRegistry(monitored.retries());
    private final ClientWarnings warnings = new ClientWarnings();
    private final StartedTables tables = new StartedTables();
    private final RouteExecutor threads = new RouteExecutor();
    private final TableLocks locks = new TableLocks();

    private final ShownRepositories repositories = new ShownRepositories(monitored.repositories());

    /** Of all endpoints without another: a mapper takes more memory than all else of an endpoint. */
    private final ObjectMapper mapper = PayloadCodec.defaultMapper();

    private final PayloadCodec lockData = new PayloadCodec(mapper, null);

    /** Stopped before this component closes its clients. */
    private final Set<Service> dependents = ConcurrentHashMap.newKeySet();

    public DynaStoreComponent() {
        this(null);
    }

    public DynaStoreComponent(@Nullable CamelContext context) {
        super(context);
    }

    public DynaStoreConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * The options that all endpoints start from.
     */
    public void setConfiguration(DynaStoreConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException("Name the table: dynastore:tableName");
        }
        UriOptions.check(remaining, parameters);
        DynaStoreConfiguration options = configuration.copy();
        options.setTableName(remaining);
        // Its type in the catalog is text, since the catalog refuses text for a bean.
        Object partitionKeys = partitionKeys(parameters);
        if (partitionKeys != null) {
            options.setPartitionKeys(partitionKeys);
        }
        DynaStoreEndpoint endpoint = new DynaStoreEndpoint(UriOptions.withoutUserInfo(uri), this, options);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private @Nullable Object partitionKeys(Map<String, Object> parameters) throws Exception {
        Object given = parameters.remove("partitionKeys");
        if (!(given instanceof String text) || !text.startsWith("#")) {
            return given;
        }
        return text.startsWith("#bean:") || !text.contains(":")
                ? EndpointHelper.resolveReferenceParameter(getCamelContext(), text, Object.class)
                : PropertyBindingSupport.resolveBean(getCamelContext(), text);
    }

    /**
     * Connects to a table with this component's options: its client, or one that it makes, and its attribute names.
     * Sends nothing.
     *
     * @param table the table's name or ARN
     * @param client the client to use in place of the component's; null means the component's
     * @return the connection; usable until this component stops
     */
    public TableConnection access(String table, @Nullable DynamoDbAsyncClient client) {
        DynaStoreConfiguration options = configuration.copy();
        options.setTableName(table);
        if (client != null) {
            options.setDynamoDbAsyncClient(client);
        }
        return access(options);
    }

    /**
     * Connects to the table that these options name, with their client, or one that this component makes. Sends
     * nothing.
     *
     * @param options a changed {@linkplain DynaStoreConfiguration#copy() copy} of this component's options
     * @return the connection; usable until this component stops
     */
    public TableConnection access(DynaStoreConfiguration options) {
        DynamoDbAsyncClient given = options.getDynamoDbAsyncClient();
        return new TableConnection(
                given != null ? given : ownClient(options),
                TableSchemas.of(options).withFlatItems(false),
                threads);
    }

    /**
     * Asks whether a table is replicated to other regions without strong consistency: locks can't be safe there. One
     * request, once the answer is known for all callers. If the role doesn't allow it, nothing is checked and the
     * future completes. If the service could not be asked, the future completes too, and the next call asks again.
     *
     * @return fails with an {@code InvalidInputException} that names the regions, if it is; else completes with null
     */
    public CompletableFuture<Void> refuseReplicated(TableConnection table) {
        TableLocation location = TableLocation.of(table.schema().table(), table.client());
        return tables().replication(location).check(table.client());
    }

    /**
     * Registers a service that uses a {@linkplain TableConnection table}: this component stops it before it closes its
     * clients. Camel itself stops the services of a context only after its components.
     */
    public void stopFirst(Service dependent) {
        dependents.add(dependent);
    }

    /** Includes these locks in what the developer console and the metrics report as held. */
    public void show(Locks opened) {
        monitored.locksOpen(opened);
    }

    /**
     * Shows a repository on this table in the developer console, the metrics and the health checks of producers, until
     * this component stops. Two of the same table, kind and name are shown as one.
     */
    public void show(TableConnection table, RepositoryMetrics repository) {
        repositories.show(this, table, repository);
    }

    /** The locks of a table, for an endpoint that starts; all its endpoints share them. */
    Locks useLocks(TableLocation location, TableSchema schema, DynamoDbAsyncClient client) {
        return locks.use(location, schema.withFlatItems(false), () -> {
            Locks opened = Locks.builder(client, schema.withFlatItems(false))
                    .codec(lockData)
                    .executor(threads)
                    .build();
            show(opened);
            return opened;
        });
    }

    /** An endpoint stops, and uses the locks of its table no more. */
    void leaveLocks(TableLocation location, TableSchema schema) {
        locks.leave(location, schema.withFlatItems(false));
    }

    /** The number of tables whose locks are kept. */
    int lockTables() {
        return locks.size();
    }

    /** Closes a poller when the component stops, at the latest. */
    void opened(SharedPoller poller) {
        pollers.add(poller);
    }

    /** A poller is closed. */
    void closed(SharedPoller poller) {
        pollers.remove(poller);
    }

    /** The state that the developer console and the metrics report. */
    MonitoredState monitored() {
        return monitored;
    }

    /** What the endpoints of a table do once. */
    StartedTables tables() {
        return tables;
    }

    /** The client that the component makes for these options. */
    DynamoDbAsyncClient ownClient(DynaStoreConfiguration options) {
        warnings.check(getCamelContext(), options);
        return clients.client(options);
    }

    /** The mapper of endpoints for which none is configured; shared, so never reconfigured. */
    ObjectMapper defaultMapper() {
        return mapper;
    }

    RouteExecutor threads() {
        return threads;
    }

    @Override
    protected void doStart() throws Exception {
        threads.open(getCamelContext(), this);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(dependents);
        dependents.clear();
        repositories.clear(getCamelContext());
        super.doStop();
        pollers.forEach(SharedPoller::close);
        pollers.clear();
        locks.close(RELEASE_TIMEOUT);
        clients.close();
        threads.close(getCamelContext());
    }
}
