/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.DynaStoreConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.component.aws.common.AwsClientBuilderUtil;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/**
 * The clients that the component has made. Thread safe.
 *
 * <p>Credentials, region and endpoint are set by Camel's own builder for AWS clients, so that the options mean what they mean
 * for every AWS component. The HTTP client is ours: its time-outs and connections are options, and it is closed with its
 * client.
 */
public final class ClientRegistry {

    private final Map<ClientSettings, Made> clients = new ConcurrentHashMap<>();
    private final RetryCounter retries;

    /**
     * None yet.
     *
     * @param retries where requests are counted that are sent again
     */
    public ClientRegistry(RetryCounter retries) {
        this.retries = retries;
    }

    /** The client for these options, made at the first use. */
    public DynamoDbAsyncClient client(DynaStoreConfiguration options) {
        return clients.computeIfAbsent(ClientSettings.of(options), settings -> make(options))
                .client();
    }

    /** Closes all clients. Those who still use one see its calls fail. */
    public void close() {
        clients.values().forEach(Made::close);
        clients.clear();
    }

    /** A client and what it needs. */
    private record Made(DynamoDbAsyncClient client, ScheduledExecutorService timer) {

        /** The time-outs of requests that are under way still come. */
        void close() {
            client.close();
            timer.shutdown();
        }
    }

    private Made make(DynaStoreConfiguration options) {
        ScheduledExecutorService timer = ClientScheduler.start();
        try {
            return new Made(build(options, timer), timer);
        } catch (RuntimeException e) {
            timer.shutdownNow();
            throw e;
        }
    }

    private DynamoDbAsyncClient build(DynaStoreConfiguration options, ScheduledExecutorService timer) {
        // Proxy and certificates are set on our HTTP client: Camel's builder would make another one for them, which
        // nobody
        // closes.
        DynaStoreConfiguration withoutHttp = options.copy();
        withoutHttp.setProxyHost(null);
        withoutHttp.setTrustAllCertificates(false);
        return AwsClientBuilderUtil.buildAsyncClient(
                withoutHttp, DynamoDbAsyncClient::builder, builder -> configure(builder, options, timer));
    }

    private void configure(
            DynamoDbAsyncClientBuilder builder, DynaStoreConfiguration options, ScheduledExecutorService timer) {
        builder.httpClientBuilder(new HttpClientBuilder(options))
                .overrideConfiguration(
                        override -> override.apiCallTimeout(Duration.ofMillis(options.getApiCallTimeout()))
                                .apiCallAttemptTimeout(Duration.ofMillis(options.getApiCallAttemptTimeout()))
                                .scheduledExecutorService(timer)
                                .addExecutionInterceptor(retries.counter(endpoint(options))))
                // The producer hands over to the route's own threads: one change of threads is enough.
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    }

    private static String endpoint(DynaStoreConfiguration options) {
        String given = options.isOverrideEndpoint() ? options.getUriEndpointOverride() : null;
        return given == null ? "" : given;
    }
}
