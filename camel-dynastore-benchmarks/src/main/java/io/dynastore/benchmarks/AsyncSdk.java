/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The SDK's asynchronous client by itself. */
final class AsyncSdk implements Subject {

    private final DynamoDbAsyncClient client;

    AsyncSdk(URI endpoint, SdkAsyncHttpClient.Builder<?> http) {
        this.client = Clients.asynchronous(endpoint, http);
    }

    @Override
    public void start(Step step, int item, Done done) {
        CompletableFuture<?> answer =
                switch (step) {
                    case CREATE -> client.putItem(Requests.create(item));
                    case UPDATE -> client.updateItem(Requests.update(item));
                    case GET -> client.getItem(Requests.get(item));
                    case PAGE -> client.query(Requests.page());
                };
        Outcomes.tell(answer, done);
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
