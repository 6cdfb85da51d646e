/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.client.TableReplication;
import io.dynastore.camel.internal.consumer.ClaimsFactory;
import io.dynastore.camel.internal.consumer.ConsumerContextFactory;
import io.dynastore.camel.internal.consumer.ItemPoller;
import io.dynastore.camel.internal.consumer.SharedPoller;
import io.dynastore.camel.internal.lock.LockOperations;
import io.dynastore.camel.internal.message.CallReader;
import io.dynastore.camel.internal.message.OutcomeWriter;
import io.dynastore.lease.Locks;
import io.dynastore.store.DynaStore;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.metrics.StoreMetrics;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * What an endpoint works with between its start and its stop. Made from its options at the start. Exchanges that have
 * begun with it keep it: Camel may stop an endpoint of {@code toD} at any time.
 *
 * @param location the place of the table
 * @param store sends calls
 * @param calls makes the calls of exchanges
 * @param outcomes writes the outcomes of calls
 * @param locks the locks of exchanges
 * @param consumers makes the contexts of consumers
 * @param poller gives items to polling consumers
 */
record StartedEndpoint(
        TableLocation location,
        DynaStore store,
        CallReader calls,
        OutcomeWriter outcomes,
        LockOperations locks,
        ConsumerContextFactory consumers,
        SharedPoller poller) {

    /** Reads the options of an endpoint and checks them. */
    static StartedEndpoint of(
            DynaStoreEndpoint endpoint,
            DynamoDbAsyncClient client,
            TableSchema schema,
            TableLocation location,
            StoreMetrics metrics,
            Locks shared,
            Callable<ItemPoller> poller) {
        CamelContext context = endpoint.getCamelContext();
        DynaStoreConfiguration options = endpoint.getConfiguration();
        PayloadCodec codec = new PayloadCodec(mapper(endpoint), options.getPayloadType());
        DynaStore store =
                DynaStore.builder(client, schema).codec(codec).metrics(metrics).build();
        Supplier<CompletableFuture<Void>> replication = replication(endpoint, client, location);
        CallReader calls = new CallReader(
                context,
                options,
                schema,
                location,
                codec,
                endpoint.getComponent().threads());
        LockOperations locks = new LockOperations(
                context,
                options,
                location,
                calls.keys(),
                shared,
                metrics.of(DynaStoreOperation.UNLOCK.text()),
                replication);
        return new StartedEndpoint(
                location,
                store,
                calls,
                new OutcomeWriter(location, codec),
                locks,
                new ConsumerContextFactory(
                        store,
                        calls,
                        location,
                        client,
                        new ClaimsFactory(context, client, codec, shared.owner()),
                        replication),
                new SharedPoller(poller));
    }

    /** Asks whether the table is replicated: at once if the URI names the lock, so that no exchange has to wait. */
    private static Supplier<CompletableFuture<Void>> replication(
            DynaStoreEndpoint endpoint, DynamoDbAsyncClient client, TableLocation location) {
        DynaStoreConfiguration options = endpoint.getConfiguration();
        if (options.isAllowReplicated()) {
            CompletableFuture<Void> allowed = CompletableFuture.completedFuture(null);
            return () -> allowed;
        }
        TableReplication table = endpoint.getComponent().tables().replication(location);
        if (options.getOperation() == DynaStoreOperation.LOCK) {
            CompletableFuture<Void> unused = table.check(client);
        }
        return () -> table.check(client);
    }

    private static ObjectMapper mapper(DynaStoreEndpoint endpoint) {
        ObjectMapper given = endpoint.getConfiguration().getObjectMapper();
        if (given != null) {
            return given;
        }
        ObjectMapper registered = CamelContextHelper.findSingleByType(endpoint.getCamelContext(), ObjectMapper.class);
        return registered != null ? registered : endpoint.getComponent().defaultMapper();
    }
}
