/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.ClaimIndexes;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.client.TableSchemas;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.camel.internal.consumer.ConsumerCounters;
import io.dynastore.camel.internal.consumer.ConsumerSession;
import io.dynastore.camel.internal.consumer.ItemPoller;
import io.dynastore.camel.internal.consumer.PollSession;
import io.dynastore.camel.internal.message.OutcomeWriter;
import io.dynastore.camel.internal.monitor.MonitoredState;
import io.dynastore.lease.Locks;
import io.dynastore.store.DynaStore;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.metrics.StoreMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Keep records in Amazon DynamoDB: create, read, update, delete and list, with optimistic locking and expiry.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dynastore",
        title = "DynaStore",
        syntax = "dynastore:tableName",
        category = {Category.CLOUD, Category.DATABASE},
        headersClass = DynaStoreConstants.class)
public class DynaStoreEndpoint extends ScheduledPollEndpoint implements AsyncEndpoint, EndpointServiceLocation {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreEndpoint.class);

    @UriParam
    private DynaStoreConfiguration configuration;

    /** Null before the first start. Kept after a stop, for producers that are still in use. */
    private volatile @Nullable StartedEndpoint started;

    public DynaStoreEndpoint(String uri, DynaStoreComponent component, DynaStoreConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    public DynaStoreConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * The options of this endpoint.
     */
    public void setConfiguration(DynaStoreConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public DynaStoreComponent getComponent() {
        return (DynaStoreComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        return new DynaStoreProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        DynaStoreConsumer consumer = new DynaStoreConsumer(this, processor);
        configureConsumer(consumer);
        consumer.setMaxMessagesPerPoll(configuration.getMaxMessagesPerPoll());
        return consumer;
    }

    @Override
    public PollingConsumer createPollingConsumer() {
        return new DynaStorePollingConsumer(this);
    }

    /** The table's store. */
    DynaStore store() {
        return started().store();
    }

    /** Writes the outcomes of calls. */
    OutcomeWriter outcomes() {
        return started().outcomes();
    }

    /** The place of the table. */
    TableLocation location() {
        return started().location();
    }

    /** Makes the context of a consumer. */
    ConsumerContext consumerContext(@Nullable String routeId, ConsumerCounters counters) throws Exception {
        return started().consumers().create(configuration, routeId, counters);
    }

    /** Makes the session of a consumer. */
    PollSession session(ConsumerContext context, ScheduledPollConsumer consumer, ConsumerSession.ConsumerState state)
            throws Exception {
        StartedEndpoint current = started();
        return current.consumers()
                .session(
                        configuration,
                        context,
                        consumer,
                        state,
                        current.outcomes().errors());
    }

    /** Gives items to polling consumers. */
    ItemPoller poller() throws Exception {
        return started().poller().get();
    }

    private ItemPoller makePoller() throws Exception {
        if (configuration.getGroup() != null) {
            throw new InvalidInputException("Table " + configuration.getTableName()
                    + ": the option group can't be used by pollEnrich or a consumer template: consume the items by a"
                    + " route that begins with from.");
        }
        ConsumerContext context = consumerContext(null, new ConsumerCounters());
        StartedEndpoint current = started();
        ItemPoller poller = current.consumers().poller(configuration, context);
        getComponent().opened(current.poller());
        getComponent()
                .monitored()
                .consumerStarts(this, new MonitoredState.MonitoredConsumer(null, context, poller.queue()));
        return poller;
    }

    /** What exchanges work with. It stays usable if the endpoint stops while an exchange is under way. */
    StartedEndpoint started() {
        StartedEndpoint current = started;
        if (current == null) {
            throw new IllegalStateException(
                    "The endpoint of table " + configuration.getTableName() + " is not started: start it first.");
        }
        return current;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        TableSchema schema = TableSchemas.of(configuration);
        DynamoDbAsyncClient client = client();
        TableLocation location = TableLocation.of(schema.table(), client);
        if (configuration.isAutoCreateTable()) {
            create(client, schema, location);
        }
        StoreMetrics metrics = getComponent().monitored().endpointStarts(location);
        Locks locks = getComponent().useLocks(location, schema, client);
        try {
            started = StartedEndpoint.of(this, client, schema, location, metrics, locks, this::makePoller);
        } catch (RuntimeException e) {
            forget(location, schema);
            throw e;
        }
        if (!getComponent().tables().isFirst(location, client)) {
            return;
        }
        LOG.info(
                "Store on table {} ({}), client {}",
                schema.table(),
                location.place(),
                configuration.getDynamoDbAsyncClient() == null ? "of the component" : "of the application");
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        getComponent().monitored().consumerStops(this);
        StartedEndpoint ending = started;
        if (ending != null) {
            ending.poller().close();
            getComponent().closed(ending.poller());
            forget(ending.location(), ending.store().schema());
        }
    }

    private void forget(TableLocation location, TableSchema schema) {
        if (getComponent().monitored().endpointStops(location)) {
            getComponent().tables().forget(location);
        }
        getComponent().leaveLocks(location, schema);
    }

    /**
     * The client's endpoint or region while this endpoint is started; otherwise the endpoint or region of its options.
     */
    @Override
    public @Nullable String getServiceUrl() {
        StartedEndpoint current = started;
        if (current != null && !isStopped()) {
            return current.location().place();
        }
        String endpoint = configuration.isOverrideEndpoint() ? configuration.getUriEndpointOverride() : null;
        return endpoint == null ? configuration.getRegion() : TableLocation.shown(endpoint);
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return Map.of("table", configuration.getTableName());
    }

    @Override
    public String getServiceProtocol() {
        return "dynamodb";
    }

    /** The client of the options, or else one of the component. */
    DynamoDbAsyncClient client() {
        DynamoDbAsyncClient given = configuration.getDynamoDbAsyncClient();
        if (given != null) {
            return given;
        }
        try {
            return getComponent().ownClient(configuration);
        } catch (SdkClientException e) {
            TableErrorLog.of(String.valueOf(configuration.getTableName())).report(e);
            throw e;
        }
    }

    /** Waits until the table exists, because otherwise the first exchange of a route would fail. */
    private void create(DynamoDbAsyncClient client, TableSchema schema, TableLocation location) throws Exception {
        try {
            getComponent()
                    .tables()
                    .create(
                            location,
                            client,
                            schema,
                            ClaimIndexes.of(configuration),
                            Duration.ofMillis(configuration.getAutoCreateTimeout()));
        } catch (ExecutionException e) {
            TableErrorLog.of(schema.table(), client).report(e.getCause());
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
