/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreConsumer;
import io.dynastore.store.LockAttributes;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Groups of consumers, each in a context of its own with a network of its own. All their deliveries are recorded. */
abstract class GroupContract extends ConsumerContract {

    static final String TIMES = "&groupLease=3s&rebalanceInterval=300ms&clockSkew=500ms";
    static final String GROUP = "group=shipping" + TIMES;
    static final String FOUR = "partitionKeys=a,b,c,d&" + GROUP;

    final List<Node> nodes = new ArrayList<>();

    /** A delivery, and the member that got it. */
    record Delivery(String member, String item, long token) {}

    /** All deliveries of all members, in the order of their arrival. */
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    /** The beans of the next members. */
    final Map<String, Object> beans = new HashMap<>();

    /** The faults of the network of the next members. */
    FaultPlan plan = FaultPlan.none();

    /** A member. */
    final class Node {
        final String name;
        final DefaultCamelContext camel = new DefaultCamelContext();
        final FaultyHttpClient network = new FaultyHttpClient(HTTP, plan);

        Node(String name, String options, Consumer<RouteDefinition> route) throws Exception {
            this.name = name;
            camel.getRegistry()
                    .bind("client", dynamo.clientBuilder().httpClient(network).build());
            beans.forEach(camel.getRegistry()::bind);
            camel.getShutdownStrategy().setTimeout(5);
            camel.start();
            RouteBuilder.addRoutes(camel, builder -> {
                builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
                route.accept(builder.from(store(
                                (options.contains("delay=") ? options : options + QUICK) + "&groupMember=" + name))
                        .routeId(ROUTE)
                        .process(this::record));
            });
            nodes.add(this);
        }

        private void record(Exchange exchange) {
            deliveries.add(new Delivery(
                    name,
                    name(exchange),
                    exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN, 0L, Long.class)));
        }

        DynaStoreConsumer consumer() {
            return (DynaStoreConsumer) camel.getRoute(ROUTE).getConsumer();
        }

        void stop() throws Exception {
            camel.getRouteController().stopRoute(ROUTE);
        }
    }

    Node join(String name, String options) throws Exception {
        return join(name, options, route -> {});
    }

    Node join(String name, String options, Consumer<RouteDefinition> route) throws Exception {
        return new Node(name, options, route);
    }

    @AfterEach
    void closeNodes() throws IOException {
        for (Node node : nodes) {
            node.network.heal();
            node.camel.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
            node.camel.getShutdownStrategy().setTimeout(100);
            node.camel.close();
        }
    }

    Map<String, AttributeValue> lease(String partition) {
        return dynamo.rawGet(table, key("_ds/group/shipping", "lease/" + partition));
    }

    /** The item of a member. */
    Map<String, AttributeValue> member(String name) {
        String id = dynamo
                .client()
                .query(query -> query.tableName(table)
                        .keyConditionExpression("id = :group AND begins_with(#name, :name)")
                        .expressionAttributeNames(Map.of("#name", "name"))
                        .expressionAttributeValues(
                                Map.of(":group", text("_ds/group/shipping"), ":name", text("member/" + name + "-"))))
                .join()
                .items()
                .stream()
                .map(item -> Objects.requireNonNull(item.get("name")).s())
                .findFirst()
                .orElse("member/-");
        return dynamo.rawGet(table, key("_ds/group/shipping", id));
    }

    /** The name of the member that has the partition; empty if nobody has it. */
    String owner(String partition) {
        AttributeValue owner = lease(partition).get(LockAttributes.OWNER);
        return owner == null ? "" : owner.s().substring(0, owner.s().lastIndexOf('-'));
    }

    /** How many of these partitions a member has. */
    long owned(String member, String... partitions) {
        return List.of(partitions).stream()
                .filter(partition -> owner(partition).equals(member))
                .count();
    }

    void awaitOwned(String member, int count, String... partitions) {
        await().untilAsserted(() -> assertThat(owned(member, partitions)).isEqualTo(count));
    }

    List<String> items() {
        return deliveries.stream().map(Delivery::item).toList();
    }

    List<String> itemsOf(String partition) {
        return items().stream().filter(item -> item.startsWith(partition + "/")).toList();
    }

    void awaitItems(int count) {
        await().untilAsserted(() -> assertThat(new TreeSet<>(items())).hasSize(count));
    }
}
