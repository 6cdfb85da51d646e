/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The SDK's asynchronous client by itself. */
final class AsyncSdk implements Subject {

    private final DynamoDbAsyncClient client;
    private final Sender sender;

    /** What a step sends. */
    interface Sender {
        CompletableFuture<?> send(DynamoDbAsyncClient client, Step step, int item);
    }

    AsyncSdk(URI endpoint, SdkAsyncHttpClient.Builder<?> http, Sender sender) {
        this.client = Clients.asynchronous(endpoint, http);
        this.sender = sender;
    }

    @Override
    public void start(Step step, int item, Done done) {
        Outcomes.tell(sender.send(client, step, item), done);
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
