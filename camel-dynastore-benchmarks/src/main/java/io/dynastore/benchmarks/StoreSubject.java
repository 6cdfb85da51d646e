/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.internal.thread.RouteExecutor;
import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.TableSchema;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The store over the client that the component makes, without exchanges. What follows a response runs on the threads of
 * routes, as in the component; with {@code -Dcontinue=io}, on the thread of the HTTP client.
 */
final class StoreSubject implements Subject {

    private final DynamoDbAsyncClient client;
    private final DynaStore store;
    private final CamelContext context = new DefaultCamelContext();
    private final RouteExecutor routes = new RouteExecutor();
    private final Executor next;

    StoreSubject(URI endpoint, SdkAsyncHttpClient.Builder<?> http) {
        next = System.getProperty("continue", "routes").equals("io") ? Runnable::run : routes;
        client = SdkClients.lean(endpoint, http, next);
        store = DynaStore.builder(client, TableSchema.named(StubResponses.WITH_WRITE_IDS))
                .build();
        context.start();
        routes.open(context, this);
    }

    @Override
    public void start(BenchmarkOperation operation, int item, Done done) {
        CompletableFuture<?> unused = send(operation, Key.of("customer", StubResponses.sortKey(item)))
                .whenCompleteAsync(
                        (outcome, error) -> {
                            if (error != null) {
                                Outcomes.fail(error);
                            }
                            done.done(false);
                        },
                        next);
    }

    private CompletableFuture<? extends Outcome> send(BenchmarkOperation operation, Key key) {
        return switch (operation) {
            case GET -> store.execute(Call.get(key).build());
            case UPDATE ->
                store.execute(Call.update(key, StubResponses.PAYLOAD)
                        .expectedVersion(7L)
                        .build());
            case CREATE -> store.execute(Call.create(key, StubResponses.PAYLOAD).build());
            case PAGE -> throw new IllegalArgumentException("Transports are measured with single items");
        };
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public void close() {
        routes.close(context);
        context.stop();
        client.close();
    }
}
