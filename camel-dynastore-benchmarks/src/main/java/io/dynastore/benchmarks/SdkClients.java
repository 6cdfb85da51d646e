/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.store.internal.lean.LeanClientBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.utils.AttributeMap;

/** The SDK's clients over its HTTP clients, all with the same number of connections and the same time-out. */
final class SdkClients {

    static final String REGION = "eu-central-1";
    static final int CONNECTIONS = 256;

    private static final Duration ACQUISITION_TIMEOUT = Duration.ofSeconds(30);

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lean-client-timer");
        thread.setDaemon(true);
        return thread;
    });

    private SdkClients() {}

    static DynamoDbClient blocking(URI endpoint) {
        return at(DynamoDbClient.builder(), endpoint)
                .httpClient(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionAcquisitionTimeout(ACQUISITION_TIMEOUT)
                        .buildWithDefaults(trustingAll()))
                .build();
    }

    static DynamoDbAsyncClient asynchronous(URI endpoint, SdkAsyncHttpClient.Builder<?> http) {
        return at(DynamoDbAsyncClient.builder(), endpoint)
                .httpClientBuilder(http)
                .build();
    }

    /** A client like the one that the component makes. */
    static DynamoDbAsyncClient component(URI endpoint) {
        return completing(endpoint, crt());
    }

    /** Completes its futures on the HTTP client's thread, like the client that the component makes. */
    static DynamoDbAsyncClient completing(URI endpoint, SdkAsyncHttpClient.Builder<?> http) {
        return completing(endpoint, http, List.of());
    }

    /** The same, with interceptors. */
    static DynamoDbAsyncClient completing(
            URI endpoint, SdkAsyncHttpClient.Builder<?> http, List<ExecutionInterceptor> interceptors) {
        return at(DynamoDbAsyncClient.builder(), endpoint)
                .httpClientBuilder(http)
                .overrideConfiguration(override -> override.executionInterceptors(interceptors))
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .build();
    }

    /**
     * A client like the one that the component makes with {@code client=auto}.
     *
     * @param readers read large responses
     */
    static DynamoDbAsyncClient lean(URI endpoint, SdkAsyncHttpClient.Builder<?> http, Executor readers) {
        LeanClientBuilder lean = new LeanClientBuilder(http);
        DynamoDbAsyncClient sdk = completing(endpoint, lean, List.of(lean.interceptor()));
        RetryStrategy retries = sdk.serviceClientConfiguration()
                .overrideConfiguration()
                .retryStrategy()
                .orElseThrow();
        return lean.over(sdk, retries, TIMER, readers);
    }

    /** With its default of two event loops for each core. */
    static SdkAsyncHttpClient.Builder<?> netty() {
        return trusting(NettyNioAsyncHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .connectionAcquisitionTimeout(ACQUISITION_TIMEOUT)
                .maxPendingConnectionAcquires(10_000));
    }

    static SdkAsyncHttpClient.Builder<?> crt() {
        return trusting(AwsCrtAsyncHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .connectionAcquisitionTimeout(ACQUISITION_TIMEOUT));
    }

    /** The certificate of the endpoint is made for one run. */
    static SdkAsyncHttpClient.Builder<?> trusting(SdkAsyncHttpClient.Builder<?> builder) {
        return new Trusting(builder);
    }

    private record Trusting(SdkAsyncHttpClient.Builder<?> builder) implements SdkAsyncHttpClient.Builder<Trusting> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return builder.buildWithDefaults(trustingAll().merge(defaults));
        }
    }

    private static AttributeMap trustingAll() {
        return AttributeMap.builder()
                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                .build();
    }

    private static <B extends AwsClientBuilder<B, ?>> B at(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    }
}
