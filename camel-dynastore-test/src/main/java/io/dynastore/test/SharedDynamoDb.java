/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/** The only engine and client of this JVM, made at the first use and never closed. Thread safe. */
final class SharedDynamoDb {

    private static final Region REGION = Region.EU_CENTRAL_1;

    /** Access key and secret key: the engine accepts any. */
    private static final String ANY = "test";

    private static @Nullable SharedDynamoDb instance;

    private final URI endpoint;
    private final DynamoDbAsyncClient client;

    private SharedDynamoDb(Engine engine) {
        endpoint = engine.endpoint();
        client = clientBuilder(endpoint)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().connectionTimeout(Duration.ofSeconds(10)))
                .build();
    }

    /**
     * Starts the engine if none runs yet. A static initializer would hide the cause of a failure: behind an
     * {@code ExceptionInInitializerError} in the first test, and entirely in all others.
     */
    static synchronized SharedDynamoDb get() {
        if (instance == null) {
            instance = new SharedDynamoDb(Engine.start());
        }
        return instance;
    }

    URI endpoint() {
        return endpoint;
    }

    DynamoDbAsyncClient client() {
        return client;
    }

    /** A builder with endpoint, region and dummy credentials set. */
    static DynamoDbAsyncClientBuilder clientBuilder(URI endpoint) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(REGION)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ANY, ANY)));
    }

    /** The same settings for the component, as properties of Camel. */
    static Map<String, String> componentProperties(URI endpoint) {
        String component = "camel.component.dynastore.";
        return Map.of(
                component + "overrideEndpoint",
                "true",
                component + "uriEndpointOverride",
                endpoint.toString(),
                component + "region",
                REGION.id(),
                component + "accessKey",
                ANY,
                component + "secretKey",
                ANY);
    }
}
