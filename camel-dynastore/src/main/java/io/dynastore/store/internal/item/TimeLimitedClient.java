/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** A client of the application, with retries that fit its time limit. Thread safe. */
public final class TimeLimitedClient extends ForwardingClient {

    private final SdkPlugin retries;

    private TimeLimitedClient(DynamoDbAsyncClient client, SdkPlugin retries) {
        super(client);
        this.retries = retries;
    }

    @Override
    protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
            Q request, Function<Q, CompletableFuture<A>> call) {
        if (request.overrideConfiguration().stream()
                .anyMatch(own -> !own.plugins().isEmpty())) {
            // It has retries for a time limit of its own.
            return call.apply(request);
        }
        AwsRequestOverrideConfiguration.Builder own = request.overrideConfiguration()
                .map(AwsRequestOverrideConfiguration::toBuilder)
                .orElseGet(AwsRequestOverrideConfiguration::builder);
        @SuppressWarnings("unchecked") // a copy of a request has its class
        Q within = (Q) request.toBuilder()
                .overrideConfiguration(own.addPlugin(retries).build())
                .build();
        return call.apply(within);
    }

    /**
     * The client with what it lacks: retries that fit its time limit. Without a time limit, it is an end of its calls
     * after it is closed.
     */
    public static DynamoDbAsyncClient of(DynamoDbAsyncClient client) {
        DynamoDbServiceClientConfiguration settings = client.serviceClientConfiguration();
        Optional<Duration> limit = settings.overrideConfiguration().apiCallTimeout();
        if (limit.isEmpty()) {
            return settings.overrideConfiguration()
                    .scheduledExecutorService()
                    .<DynamoDbAsyncClient>map(scheduler -> new WatchedClient(client, scheduler))
                    .orElse(client);
        }
        return RetryWithinTimeout.plugin(settings, limit.get())
                .<DynamoDbAsyncClient>map(plugin -> new TimeLimitedClient(client, plugin))
                .orElse(client);
    }

    /** The client belongs to the application. */
    @Override
    public void close() {}
}
