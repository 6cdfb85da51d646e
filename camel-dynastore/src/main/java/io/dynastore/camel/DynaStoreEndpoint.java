/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.client.TableSchemas;
import io.dynastore.camel.internal.consumer.ConsumerContext;
import io.dynastore.camel.internal.consumer.ConsumerContextFactory;
import io.dynastore.camel.internal.consumer.ConsumerCounters;
import io.dynastore.camel.internal.consumer.SingleItemPoller;
import io.dynastore.camel.internal.lock.LockOperations;
import io.dynastore.camel.internal.message.CallReader;
import io.dynastore.camel.internal.message.OutcomeWriter;
import io.dynastore.camel.internal.monitor.MonitoredState;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Operation;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.metrics.StoreMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
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

    private @Nullable DynaStore store;
    private @Nullable CallReader calls;
    private @Nullable OutcomeWriter outcomes;
    private @Nullable TableLocation location;
    private @Nullable SingleItemPoller poller;
    private @Nullable LockOperations locks;

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

    /** The store that this endpoint's calls go to. Only while the endpoint is started. */
    DynaStore store() {
        return Objects.requireNonNull(store, "the endpoint is not started");
    }

    /** Makes calls of this endpoint's exchanges. Only while the endpoint is started. */
    CallReader calls() {
        return Objects.requireNonNull(calls, "the endpoint is not started");
    }

    /** The locks of this endpoint's exchanges. Only while the endpoint is started. */
    LockOperations locks() {
        return Objects.requireNonNull(locks, "the endpoint is not started");
    }

    /** Writes the outcomes of this endpoint's calls. Only while the endpoint is started. */
    OutcomeWriter outcomes() {
        return Objects.requireNonNull(outcomes, "the endpoint is not started");
    }

    /** What consumers of this endpoint read and write with. Only while the endpoint is started. */
    ConsumerContext consumerContext(@Nullable String routeId, ConsumerCounters counters) throws Exception {
        return new ConsumerContextFactory(store(), calls(), location(), client())
                .create(configuration, routeId, counters);
    }

    /** What polling consumers of this endpoint take. Only while the endpoint is started. */
    synchronized SingleItemPoller poller() throws Exception {
        SingleItemPoller shared = poller;
        if (shared == null) {
            ConsumerContext context = consumerContext(null, new ConsumerCounters());
            getComponent().monitored().consumerStarts(this, new MonitoredState.MonitoredConsumer(null, context));
            shared = new SingleItemPoller(context);
            poller = shared;
        }
        return shared;
    }

    /** Where the table is. Only while the endpoint is started. */
    TableLocation location() {
        return Objects.requireNonNull(location, "the endpoint is not started");
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        TableSchema schema = TableSchemas.of(configuration);
        DynamoDbAsyncClient client = client();
        if (configuration.isAutoCreateTable()) {
            create(client, schema);
        }
        AwsServiceClientConfiguration settings = client.serviceClientConfiguration();
        TableLocation where = new TableLocation(
                schema.table(),
                String.valueOf(settings.region()),
                settings.endpointOverride().map(Object::toString).orElse(""));
        StoreMetrics metrics = getComponent().monitored().endpointStarts(where);
        try {
            open(client, schema, where, metrics);
        } catch (RuntimeException e) {
            getComponent().monitored().endpointStops(where);
            throw e;
        }
        LOG.info(
                "Store on table {} ({}), client {}",
                schema.table(),
                where.place(),
                configuration.getDynamoDbAsyncClient() == null ? "of the component" : "of the application");
    }

    private void open(DynamoDbAsyncClient client, TableSchema schema, TableLocation where, StoreMetrics metrics) {
        PayloadCodec codec = new PayloadCodec(mapper(), configuration.getPayloadType());
        store = DynaStore.builder(client, schema).codec(codec).metrics(metrics).build();
        calls = new CallReader(getCamelContext(), configuration, schema, where, codec);
        outcomes = new OutcomeWriter(where);
        locks = new LockOperations(
                getCamelContext(),
                configuration,
                where,
                calls.keys(),
                getComponent().locks(where, schema, client),
                metrics.of(Operation.UNLOCK));
        location = where;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        getComponent().monitored().consumerStops(this);
        if (location != null) {
            getComponent().monitored().endpointStops(location);
        }
        store = null;
        calls = null;
        outcomes = null;
        location = null;
        poller = null;
        locks = null;
    }

    /** The client's endpoint or region, once the endpoint is started; before, what the options say of it. */
    @Override
    public @Nullable String getServiceUrl() {
        TableLocation known = location;
        if (known != null) {
            return known.place();
        }
        return configuration.isOverrideEndpoint() ? configuration.getUriEndpointOverride() : configuration.getRegion();
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return Map.of("table", configuration.getTableName());
    }

    @Override
    public String getServiceProtocol() {
        return "dynamodb";
    }

    /** The client that this endpoint uses: the given one, or one of the component. */
    DynamoDbAsyncClient client() {
        DynamoDbAsyncClient given = configuration.getDynamoDbAsyncClient();
        try {
            return given != null ? given : getComponent().clients().client(configuration);
        } catch (SdkClientException e) {
            TableErrorLog.of(String.valueOf(configuration.getTableName())).tell(e);
            throw e;
        }
    }

    private ObjectMapper mapper() {
        if (configuration.getObjectMapper() != null) {
            return configuration.getObjectMapper();
        }
        ObjectMapper registered = CamelContextHelper.findSingleByType(getCamelContext(), ObjectMapper.class);
        return registered != null ? registered : PayloadCodec.defaultMapper();
    }

    /** A route that starts before its table exists would fail at its first exchange, so that this waits. */
    private void create(DynamoDbAsyncClient client, TableSchema schema) throws Exception {
        try {
            new TableCreation(client, schema)
                    .ensure(Duration.ofMillis(configuration.getAutoCreateTimeout()))
                    .get();
        } catch (ExecutionException e) {
            TableErrorLog.of(schema.table(), client).tell(e.getCause());
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
