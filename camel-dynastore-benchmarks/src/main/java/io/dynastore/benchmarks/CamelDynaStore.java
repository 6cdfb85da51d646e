/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.HttpClientType;
import java.net.URI;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** This component, with the client that it makes or one that it is given. */
final class CamelDynaStore extends CamelSubject {

    private final URI endpoint;
    private final HttpClientType http;
    private final @Nullable DynamoDbAsyncClient client;

    CamelDynaStore(URI endpoint, HttpClientType http) throws Exception {
        this(endpoint, http, null);
    }

    CamelDynaStore(URI endpoint, DynamoDbAsyncClient client) throws Exception {
        this(endpoint, HttpClientType.AUTO, client);
    }

    private CamelDynaStore(URI endpoint, HttpClientType http, @Nullable DynamoDbAsyncClient client) throws Exception {
        this.endpoint = endpoint;
        this.http = http;
        this.client = client;
        open();
    }

    @Override
    void configure(CamelContext context) {
        DynaStoreComponent component = new DynaStoreComponent();
        component.getConfiguration().setRegion(Clients.REGION);
        component.getConfiguration().setAccessKey("key");
        component.getConfiguration().setSecretKey("secret");
        component.getConfiguration().setOverrideEndpoint(true);
        component.getConfiguration().setUriEndpointOverride(endpoint.toString());
        component.getConfiguration().setMaxConnections(Clients.CONNECTIONS);
        component.getConfiguration().setHttpClient(http);
        if (client != null) {
            component.getConfiguration().setDynamoDbAsyncClient(client);
        }
        context.addComponent("dynastore", component);
    }

    @Override
    String uri(Step step) {
        String operation =
                switch (step) {
                    case CREATE -> "create";
                    case UPDATE -> "update";
                    case GET -> "get";
                    case PAGE -> "list&limit=" + Answers.PAGE;
                };
        return "dynastore:" + Answers.MARKED + "?partitionKey=customer&operation=" + operation;
    }

    @Override
    void fill(Exchange exchange, Step step, int item) {
        switch (step) {
            case CREATE -> {
                exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, Answers.sortKey(item));
                exchange.getMessage().setBody(Answers.PAYLOAD);
            }
            case UPDATE -> {
                exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, Answers.sortKey(item));
                exchange.getMessage().setHeader(DynaStoreConstants.EXPECTED_VERSION, 7L);
                exchange.getMessage().setBody(Answers.PAYLOAD);
            }
            case GET -> exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, Answers.sortKey(item));
            case PAGE -> {}
        }
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public void close() {
        super.close();
        if (client != null) {
            client.close();
        }
    }
}
