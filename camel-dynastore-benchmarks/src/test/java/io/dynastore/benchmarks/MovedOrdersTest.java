/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.ddb.Ddb2Constants;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Routes with camel-aws2-ddb and their successors work on one table, whose data nobody converts. */
class MovedOrdersTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table = dynamo.table("orders", TableSpec.partitionKey("orderId", S));
    private final DynamoDbClient blocking = blocking(dynamo.endpoint());
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();

    private static DynamoDbClient blocking(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClient(Apache5HttpClient.create())
                .build();
    }

    @BeforeEach
    void start() throws Exception {
        context.getPropertiesComponent().addInitialProperty("orders", table);
        context.getRegistry().bind("blocking", blocking);
        context.getRegistry().bind("client", dynamo.client());
        context.addRoutes(new CamelDdbOrderRoutes());
        context.addRoutes(new MovedOrderRoutes());
        context.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
        blocking.close();
    }

    @Test
    void ordersOfTheOldRoutesAreReadAndChangedByTheNewOnes() {
        send("direct:old-open", "1");
        assertThat(send("direct:find", "1").getMessage().getBody())
                .isEqualTo(Map.of("customer", "c", "status", "open", "total", 5L));

        send("direct:ship", "1");
        send("direct:add-discount", "1");

        Map<String, AttributeValue> expected = new HashMap<>(old("1", "shipped"));
        expected.put("discount", AttributeValue.fromN("5"));
        expected.put("version", AttributeValue.fromN("2"));
        assertThat(stored("1")).isEqualTo(expected);
    }

    @Test
    void ordersOfTheNewRoutesAreReadAndChangedByTheOldOnes() {
        send("direct:open", "2");
        send("direct:old-ship", "2");

        Map<?, ?> found = send("direct:old-find", "2").getMessage().getHeader(Ddb2Constants.ATTRIBUTES, Map.class);
        assertThat(found.entrySet().containsAll(old("2", "shipped").entrySet())).isTrue();
        assertThat(send("direct:find", "2").getMessage().getBody())
                .isEqualTo(Map.of("customer", "c", "status", "shipped", "total", 5L));
    }

    private Exchange send(String endpoint, String order) {
        Exchange exchange = template.send(endpoint, message -> message.getMessage()
                .setHeaders(new HashMap<>(Map.of("order", order, "customer", "c", "total", 5))));
        assertThat(exchange.getException()).isNull();
        return exchange;
    }

    private static Map<String, AttributeValue> old(String order, String status) {
        return Map.of(
                "orderId", AttributeValue.fromS(order),
                "customer", AttributeValue.fromS("c"),
                "status", AttributeValue.fromS(status),
                "total", AttributeValue.fromN("5"));
    }

    private Map<String, AttributeValue> stored(String order) {
        Map<String, AttributeValue> item =
                new HashMap<>(dynamo.rawGet(table, Map.of("orderId", AttributeValue.fromS(order))));
        item.keySet().removeIf(name -> name.startsWith("_ds"));
        return item;
    }
}
