/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.aws.common.AwsClientBuilderUtil;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The clients that the component has made. Thread safe.
 *
 * <p>Credentials, region and endpoint are set by Camel's own builder for AWS clients, so that the options mean what they mean
 * for every AWS component. The HTTP client is ours: its time-outs and connections are options, and it is closed with its
 * client.
 */
final class Clients {

    private final Map<ClientSettings, DynamoDbAsyncClient> clients = new ConcurrentHashMap<>();
    private final Retries retries;

    /**
     * None yet.
     *
     * @param retries where requests are counted that are sent again
     */
    Clients(Retries retries) {
        this.retries = retries;
    }

    /** The client for these options, made at the first use. */
    DynamoDbAsyncClient client(DynaStoreConfiguration options) {
        return clients.computeIfAbsent(ClientSettings.of(options), settings -> build(options));
    }

    /** Closes all clients. Those who still use one see its calls fail. */
    void close() {
        clients.values().forEach(DynamoDbAsyncClient::close);
        clients.clear();
    }

    private DynamoDbAsyncClient build(DynaStoreConfiguration options) {
        // Proxy and certificates are set on our HTTP client: Camel's builder would make another one for them, which
        // nobody
        // closes.
        DynaStoreConfiguration withoutHttp = options.copy();
        withoutHttp.setProxyHost(null);
        withoutHttp.setTrustAllCertificates(false);
        return AwsClientBuilderUtil.buildAsyncClient(
                withoutHttp, DynamoDbAsyncClient::builder, builder -> configure(builder, options));
    }

    private void configure(DynamoDbAsyncClientBuilder builder, DynaStoreConfiguration options) {
        builder.httpClientBuilder(new HttpClientBuilder(options))
                .overrideConfiguration(
                        override -> override.apiCallTimeout(Duration.ofMillis(options.getApiCallTimeout()))
                                .apiCallAttemptTimeout(Duration.ofMillis(options.getApiCallAttemptTimeout()))
                                .addExecutionInterceptor(retries.counter(endpoint(options))))
                // The producer hands over to the route's own threads: one change of threads is enough.
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    }

    private static String endpoint(DynaStoreConfiguration options) {
        String given = options.isOverrideEndpoint() ? options.getUriEndpointOverride() : null;
        return given == null ? "" : given;
    }

    /** Given to the SDK as a builder, so that the HTTP client is closed with the client that it is made for. */
    private record HttpClientBuilder(DynaStoreConfiguration options)
            implements SdkAsyncHttpClient.Builder<HttpClientBuilder> {

        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
            NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(options.getMaxConnections())
                    .connectionTimeout(Duration.ofMillis(options.getConnectionTimeout()));
            Integer eventLoopThreads = options.getEventLoopThreads();
            if (eventLoopThreads != null) {
                http.eventLoopGroupBuilder(SdkEventLoopGroup.builder().numberOfThreads(eventLoopThreads));
            }
            if (options.getProxyHost() != null && options.getProxyPort() != null) {
                http.proxyConfiguration(ProxyConfiguration.builder()
                        .scheme(options.getProxyProtocol().toString())
                        .host(options.getProxyHost())
                        .port(options.getProxyPort())
                        .build());
            }
            return http.buildWithDefaults(
                    options.isTrustAllCertificates()
                            ? AttributeMap.builder()
                                    .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                                    .build()
                                    .merge(serviceDefaults)
                            : serviceDefaults);
        }
    }
}
