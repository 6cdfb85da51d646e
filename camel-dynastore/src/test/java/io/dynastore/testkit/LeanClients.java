/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import io.dynastore.store.internal.item.RetryWithinTimeout;
import io.dynastore.store.internal.lean.LeanClientBuilder;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/** The two clients that the component can make, over any HTTP client. */
public enum LeanClients {
    /** All requests are the SDK's. */
    SDK {
        @Override
        DynamoDbAsyncClient build(
                DynamoDbAsyncClientBuilder builder,
                SdkAsyncHttpClient.Builder<?> http,
                Consumer<ClientOverrideConfiguration.Builder> more,
                RetryWithinTimeout retries) {
            return builder.httpClientBuilder(http)
                    .overrideConfiguration(override -> configure(override, retries, more))
                    .build();
        }
    },
    /** First attempts are made without the SDK. */
    LEAN {
        @Override
        DynamoDbAsyncClient build(
                DynamoDbAsyncClientBuilder builder,
                SdkAsyncHttpClient.Builder<?> http,
                Consumer<ClientOverrideConfiguration.Builder> more,
                RetryWithinTimeout retries) {
            LeanClientBuilder lean = new LeanClientBuilder(http);
            DynamoDbAsyncClient sdk = builder.httpClientBuilder(lean)
                    .overrideConfiguration(
                            override -> configure(override.addExecutionInterceptor(lean.interceptor()), retries, more))
                    .build();
            return lean.over(sdk, retries, TIMER, Runnable::run);
        }
    };

    private static final ScheduledExecutorService TIMER = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "lean-client-timer");
        thread.setDaemon(true);
        return thread;
    });

    /** Longer than any test. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    abstract DynamoDbAsyncClient build(
            DynamoDbAsyncClientBuilder builder,
            SdkAsyncHttpClient.Builder<?> http,
            Consumer<ClientOverrideConfiguration.Builder> more,
            RetryWithinTimeout retries);

    /**
     * A client.
     *
     * @param builder has endpoint, region and credentials
     * @param more sets what else the client is to have
     */
    public DynamoDbAsyncClient client(
            DynamoDbAsyncClientBuilder builder,
            SdkAsyncHttpClient.Builder<?> http,
            Consumer<ClientOverrideConfiguration.Builder> more) {
        return client(builder, http, AwsRetryStrategy.standardRetryStrategy(), more);
    }

    /** The same with retries of its own. */
    public DynamoDbAsyncClient client(
            DynamoDbAsyncClientBuilder builder,
            SdkAsyncHttpClient.Builder<?> http,
            RetryStrategy retries,
            Consumer<ClientOverrideConfiguration.Builder> more) {
        return build(builder, http, more, new RetryWithinTimeout(retries, LIMIT));
    }

    private static void configure(
            ClientOverrideConfiguration.Builder override,
            RetryWithinTimeout retries,
            Consumer<ClientOverrideConfiguration.Builder> more) {
        override.retryStrategy(retries).addExecutionInterceptor(retries.requestLimits());
        more.accept(override);
    }
}
