/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The SDK's blocking client on its own. */
final class BlockingSdk implements Subject {

    private final DynamoDbClient client;

    BlockingSdk(URI endpoint) {
        this.client = SdkClients.blocking(endpoint);
    }

    @Override
    public void start(BenchmarkOperation operation, int item, Done done) {
        Object response =
                switch (operation) {
                    case CREATE -> client.putItem(Requests.create(item));
                    case UPDATE -> client.updateItem(Requests.update(item));
                    case GET -> client.getItem(Requests.get(item));
                    case PAGE -> client.query(Requests.page());
                };
        done.done(response != null);
    }

    @Override
    public boolean blocks() {
        return true;
    }

    @Override
    public void close() {
        client.close();
    }
}
