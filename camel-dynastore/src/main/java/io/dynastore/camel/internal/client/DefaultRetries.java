/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The retries that the SDK gives a DynamoDB client by default. The SDK (2.54.13) resolves them, from its profile and
 * from system properties, only when it builds a client.
 */
final class DefaultRetries {

    private DefaultRetries() {}

    /** New ones, which no other client uses. */
    static RetryStrategy get() {
        try (DynamoDbAsyncClient client = DynamoDbAsyncClient.builder()
                .httpClient(new NoHttp())
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .region(Region.US_EAST_1)
                .build()) {
            return client.serviceClientConfiguration()
                    .overrideConfiguration()
                    .retryStrategy()
                    .orElseThrow();
        }
    }

    /** Sends nothing. */
    private static final class NoHttp implements SdkAsyncHttpClient {

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("no HTTP"));
        }

        @Override
        public void close() {}
    }
}
