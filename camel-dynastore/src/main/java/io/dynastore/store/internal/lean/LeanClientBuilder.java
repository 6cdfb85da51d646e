/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.LaterAttempts;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Makes a client whose first attempts are not the SDK's ({@link #over}). The SDK's client must be built with this as
 * the builder of its HTTP client, and with {@link #interceptor}. For one client only.
 */
public final class LeanClientBuilder implements SdkAsyncHttpClient.Builder<LeanClientBuilder> {

    private final SdkAsyncHttpClient.Builder<?> http;
    private final RequestTemplates templates = new RequestTemplates();
    private final AttemptObserver observer = new AttemptObserver(templates);
    private @Nullable ReplayingHttpClient client;

    /**
     * A builder.
     *
     * @param http builds the client that sends the requests
     */
    public LeanClientBuilder(SdkAsyncHttpClient.Builder<?> http) {
        this.http = http;
    }

    /** Whether it is possible over a client with these retries: adaptive ones may hold first attempts back. */
    public static boolean isPossible(RetryStrategy retries) {
        return LeanClient.isPossible(retries);
    }

    /** To be added to the SDK's client. All its interceptors have to be {@link LaterAttempts}, or the SDK sends all. */
    public ExecutionInterceptor interceptor() {
        return observer;
    }

    @Override
    public SdkAsyncHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
        client = new ReplayingHttpClient(http.buildWithDefaults(serviceDefaults));
        return client;
    }

    /**
     * The client. Closing it closes the SDK's.
     *
     * @param sdk the SDK's client
     * @param retries those that the SDK's client was given
     * @param scheduler for time limits; the caller shuts it down after the client is closed
     * @param readers read large responses, and complete their calls; must not wait for a response themselves. The
     *     threads of the HTTP client read small ones
     * @throws IllegalStateException if the SDK's client was not built with this
     */
    public DynamoDbAsyncClient over(
            DynamoDbAsyncClient sdk, RetryStrategy retries, ScheduledExecutorService scheduler, Executor readers) {
        if (client == null) {
            throw new IllegalStateException("The SDK's client must get its HTTP client from this builder");
        }
        return new LeanClient(sdk, client, observer, templates, retries, new Threads(scheduler, readers));
    }
}
