/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.Item;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.QueryGate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Routes that stream a list of thirty items, in pages of three. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamingListContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    static final int ITEMS = 30;
    static final int PAGES = 11;

    final Queue<String> seen = new ConcurrentLinkedQueue<>();
    DefaultCamelContext context = new DefaultCamelContext();
    QueryGate gate = new QueryGate(dynamo.client(), 3);
    String list = "";
    private String table = "";

    @BeforeAll
    void fill() {
        table = dynamo.table("stream", TableSpec.partitionKey("id", S).sortKey("name", S));
        for (int i = 0; i < ITEMS; i++) {
            dynamo.rawPut(
                    table,
                    Map.of(
                            "id", AttributeValue.fromS("p"),
                            "name", AttributeValue.fromS(name(i)),
                            "version", AttributeValue.fromN("4"),
                            "payload", AttributeValue.fromS("payload of " + name(i))));
        }
        list = store("operation=list&partitionKey=p&stream=true");
    }

    @BeforeEach
    void startContext() throws Exception {
        seen.clear();
        gate = new QueryGate(dynamo.client(), 3);
        context = new DefaultCamelContext();
        context.getRegistry().bind("client", gate);
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    @AfterEach
    void stopContext() throws Exception {
        context.close();
    }

    String store(String options) {
        return "dynastore:" + table + "?" + options;
    }

    Map<String, AttributeValue> stored(int number) {
        return dynamo.rawGet(
                table, Map.of("id", AttributeValue.fromS("p"), "name", AttributeValue.fromS(name(number))));
    }

    /** Adds routes, and sends an exchange through the one from direct:in. */
    Exchange run(@Nullable Object body, Map<String, Object> headers, LambdaRouteBuilder routes) throws Exception {
        LambdaRouteBuilder quiet = builder -> {
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            routes.accept(builder);
        };
        RouteBuilder.addRoutes(context, quiet);
        return context.createProducerTemplate().send("direct:in", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    Exchange run(LambdaRouteBuilder routes) throws Exception {
        return run(null, Map.of(), routes);
    }

    /** A step that notes which item it got. */
    void note(Exchange exchange) {
        Item item = exchange.getMessage().getBody(Item.class);
        assertThat(item.payload()).isEqualTo("payload of " + item.key().sortKey());
        seen.add(String.valueOf(item.key().sortKey()));
    }

    static String name(int number) {
        return "%02d".formatted(number);
    }

    static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(StreamingListContract::name).toList();
    }
}
