/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/** A client for which every table exists and is empty. It responds a little later. */
final class AnyTable implements DynamoDbAsyncClient {
    private final DynamoDbAsyncClient settings;

    AnyTable(DynamoDbAsyncClient settings) {
        this.settings = settings;
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
        return CompletableFuture.supplyAsync(
                () -> GetItemResponse.builder().build(), CompletableFuture.delayedExecutor(100, TimeUnit.MICROSECONDS));
    }

    @Override
    public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return settings.serviceClientConfiguration();
    }

    @Override
    public String serviceName() {
        return settings.serviceName();
    }

    @Override
    public void close() {
        // The settings are shared.
    }
}
