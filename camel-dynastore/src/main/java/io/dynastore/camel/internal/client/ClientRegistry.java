/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.ClientType;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import io.dynastore.store.internal.lean.LeanClientBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.component.aws.common.AwsClientBuilderUtil;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The clients that the component has made, one for each set of equal settings. Thread safe.
 *
 * <p>Camel's own builder for AWS clients sets credentials, region and endpoint, so that these options mean the same
 * as in every AWS component. The HTTP client is ours: its time-outs and connections are options, and it is closed
 * with its client.
 */
public final class ClientRegistry {

    private final Map<ClientSettings, OwnedClient> clients = new ConcurrentHashMap<>();
    private final RetryCounter retries;

    /**
     * A registry without clients.
     *
     * @param retries counts the requests that these clients send again
     */
    public ClientRegistry(RetryCounter retries) {
        this.retries = retries;
    }

    /** The client for these options, made at the first call. Don't close it. */
    public DynamoDbAsyncClient client(DynaStoreConfiguration options) {
        return clients.computeIfAbsent(ClientSettings.of(options), settings -> make(options));
    }

    /** Closes each client after its last call. Calls in flight end as they would have; later ones fail. */
    public void close() {
        OwnedClient.closeAll(clients.values());
        clients.clear();
    }

    private OwnedClient make(DynaStoreConfiguration options) {
        ScheduledExecutorService scheduler = ClientScheduler.start();
        try {
            return new OwnedClient(
                    build(options, scheduler), scheduler, Duration.ofMillis(options.getApiCallTimeout()));
        } catch (RuntimeException e) {
            scheduler.shutdownNow();
            throw e;
        }
    }

    private DynamoDbAsyncClient build(DynaStoreConfiguration options, ScheduledExecutorService scheduler) {
        RetryStrategy defaults = DefaultRetries.get();
        RetryWithinTimeout within = new RetryWithinTimeout(defaults, Duration.ofMillis(options.getApiCallTimeout()));
        HttpClientBuilder http = new HttpClientBuilder(options);
        if (options.getClient() == ClientType.SDK || !LeanClientBuilder.isPossible(defaults)) {
            return sdk(options, scheduler, within, http, List.of());
        }
        LeanClientBuilder lean = new LeanClientBuilder(http);
        return lean.over(
                sdk(options, scheduler, within, lean, List.of(lean.interceptor())), within, scheduler, scheduler);
    }

    private DynamoDbAsyncClient sdk(
            DynaStoreConfiguration options,
            ScheduledExecutorService scheduler,
            RetryWithinTimeout retries,
            SdkAsyncHttpClient.Builder<?> http,
            List<ExecutionInterceptor> interceptors) {
        // Our HTTP client sets proxy and certificates. For them Camel's builder would make another one, never closed.
        DynaStoreConfiguration withoutHttp = options.copy();
        withoutHttp.setProxyHost(null);
        withoutHttp.setTrustAllCertificates(false);
        return AwsClientBuilderUtil.buildAsyncClient(
                withoutHttp, DynamoDbAsyncClient::builder, builder -> builder.httpClientBuilder(http)
                        .overrideConfiguration(override -> {
                            configure(override, options, scheduler, retries);
                            interceptors.forEach(override::addExecutionInterceptor);
                        })
                        // The producer switches to the route's own threads. One switch is enough for a small response.
                        .asyncConfiguration(async -> async.advancedOption(
                                SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run)));
    }

    private void configure(
            ClientOverrideConfiguration.Builder override,
            DynaStoreConfiguration options,
            ScheduledExecutorService scheduler,
            RetryWithinTimeout within) {
        override.apiCallTimeout(Duration.ofMillis(options.getApiCallTimeout()))
                .apiCallAttemptTimeout(Duration.ofMillis(options.getApiCallAttemptTimeout()))
                .scheduledExecutorService(scheduler)
                .retryStrategy(within)
                .addExecutionInterceptor(within.requestLimits())
                .addExecutionInterceptor(retries.counter(endpoint(options)));
    }

    private static String endpoint(DynaStoreConfiguration options) {
        String given = options.isOverrideEndpoint() ? options.getUriEndpointOverride() : null;
        return given == null ? "" : TableLocation.shown(given);
    }
}
