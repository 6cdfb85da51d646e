/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The SDK's asynchronous client on its own. */
final class AsyncSdk implements Subject {

    private final DynamoDbAsyncClient client;
    private final Sender sender;

    /** Sends the request of an operation. */
    interface Sender {
        CompletableFuture<?> send(DynamoDbAsyncClient client, BenchmarkOperation operation, int item);
    }

    AsyncSdk(URI endpoint, SdkAsyncHttpClient.Builder<?> http, Sender sender) {
        this.client = SdkClients.asynchronous(endpoint, http);
        this.sender = sender;
    }

    @Override
    public void start(BenchmarkOperation operation, int item, Done done) {
        Outcomes.report(sender.send(client, operation, item), done);
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public void close() {
        client.close();
    }
}
