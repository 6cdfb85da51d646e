/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.ClientType;
import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.HttpClientType;
import java.net.URI;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** This component, with a client that it makes or a given one. */
final class CamelDynaStore extends CamelSubject {

    private final URI endpoint;
    private final HttpClientType http;
    private final ClientType type;
    private final @Nullable DynamoDbAsyncClient client;

    CamelDynaStore(URI endpoint, HttpClientType http, ClientType type) throws Exception {
        this(endpoint, http, type, null);
    }

    CamelDynaStore(URI endpoint, DynamoDbAsyncClient client) throws Exception {
        this(endpoint, HttpClientType.AUTO, ClientType.SDK, client);
    }

    private CamelDynaStore(URI endpoint, HttpClientType http, ClientType type, @Nullable DynamoDbAsyncClient client)
            throws Exception {
        this.endpoint = endpoint;
        this.http = http;
        this.type = type;
        this.client = client;
        open();
    }

    @Override
    void configure(CamelContext context) {
        DynaStoreComponent component = component(endpoint, http, type);
        if (client != null) {
            component.getConfiguration().setDynamoDbAsyncClient(client);
        }
        context.addComponent("dynastore", component);
    }

    /** A component that makes its own client. */
    static DynaStoreComponent component(URI endpoint, HttpClientType http, ClientType type) {
        DynaStoreComponent component = new DynaStoreComponent();
        component.getConfiguration().setRegion(SdkClients.REGION);
        component.getConfiguration().setAccessKey("key");
        component.getConfiguration().setSecretKey("secret");
        component.getConfiguration().setOverrideEndpoint(true);
        component.getConfiguration().setUriEndpointOverride(endpoint.toString());
        component.getConfiguration().setTrustAllCertificates(true); // that of the endpoint is made for this run
        component.getConfiguration().setMaxConnections(SdkClients.CONNECTIONS);
        component.getConfiguration().setHttpClient(http);
        component.getConfiguration().setClient(type);
        return component;
    }

    @Override
    String uri(BenchmarkOperation operation) {
        String name =
                switch (operation) {
                    case CREATE -> "create";
                    case UPDATE -> "update";
                    case GET -> "get";
                    case PAGE -> "list&limit=" + StubResponses.PAGE;
                };
        return "dynastore:" + StubResponses.WITH_WRITE_IDS + "?partitionKey=customer&operation=" + name;
    }

    @Override
    void fill(Exchange exchange, BenchmarkOperation operation, int item) {
        switch (operation) {
            case CREATE -> {
                exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, StubResponses.sortKey(item));
                exchange.getMessage().setBody(StubResponses.PAYLOAD);
            }
            case UPDATE -> {
                exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, StubResponses.sortKey(item));
                exchange.getMessage().setHeader(DynaStoreConstants.EXPECTED_VERSION, 7L);
                exchange.getMessage().setBody(StubResponses.PAYLOAD);
            }
            case GET -> exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, StubResponses.sortKey(item));
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
