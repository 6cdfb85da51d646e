/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.ClientRegistry;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.client.TableSchemas;
import io.dynastore.camel.internal.monitor.MetricsBinder;
import io.dynastore.camel.internal.monitor.MonitoredState;
import io.dynastore.camel.internal.thread.RouteExecutor;
import io.dynastore.lease.Locks;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Service;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The component {@code dynastore:tableName}.
 *
 * <p>It owns what its endpoints share: the clients that it made itself, one for each set of equal settings, and the threads
 * on which routes go on when DynamoDB has answered, and the locks that its exchanges hold. All end with the component.
 */
@Component("dynastore")
public class DynaStoreComponent extends HealthCheckComponent {

    /** How long the locks of all tables together may take to be released. */
    private static final Duration CLOSING = Duration.ofSeconds(10);

    @Metadata(description = "The options that all endpoints start from.")
    private DynaStoreConfiguration configuration = new DynaStoreConfiguration();

    /** The context is asked for only when something starts. */
    @SuppressWarnings("this-escape")
    private final MonitoredState monitored = new MonitoredState(() -> MetricsBinder.of(getCamelContext()));

    private final ClientRegistry clients = new ClientRegistry(monitored.retries());
    private final RouteExecutor threads = new RouteExecutor();
    private final Map<LockClient, Locks> locks = new ConcurrentHashMap<>();

    /** Stopped before this component is. */
    private final Set<Service> users = ConcurrentHashMap.newKeySet();

    private record LockClient(TableLocation location, TableSchema schema) {}

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
        DynaStoreConfiguration own = configuration.copy();
        own.setTableName(remaining);
        DynaStoreEndpoint endpoint = new DynaStoreEndpoint(uri, this, own);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Reaches a table with this component's options: its client, or the one that it would make, and its names of attributes.
     *
     * @param table the table's name or ARN
     * @param client to be used in place of the component's; null: the component's
     */
    public TableConnection access(String table, @Nullable DynamoDbAsyncClient client) {
        DynaStoreConfiguration own = configuration.copy();
        own.setTableName(table);
        DynamoDbAsyncClient given = client != null ? client : own.getDynamoDbAsyncClient();
        return new TableConnection(given != null ? given : clients.client(own), TableSchemas.of(own), threads);
    }

    /**
     * Has a service that {@linkplain #access reaches a table} stopped before this component closes its clients. Camel stops the services of
     * a context only after its components.
     */
    public void stopFirst(Service user) {
        users.add(user);
    }

    /** Shows operators what is held of these locks, with those of the endpoints. */
    public void show(Locks opened) {
        monitored.locksOpen(opened);
    }

    /** The locks of a table, which all its endpoints share. */
    Locks locks(TableLocation location, TableSchema schema, DynamoDbAsyncClient client) {
        return locks.computeIfAbsent(new LockClient(location, schema), table -> {
            Locks opened = Locks.builder(client, schema).executor(threads).build();
            show(opened);
            return opened;
        });
    }

    /** What operators may look at. */
    MonitoredState monitored() {
        return monitored;
    }

    ClientRegistry clients() {
        return clients;
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
        ServiceHelper.stopService(users);
        users.clear();
        super.doStop();
        Locks.closeAll(locks.values(), CLOSING);
        locks.clear();
        clients.close();
        threads.close(getCamelContext());
    }
}
