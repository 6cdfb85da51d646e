/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The requests of each step of an aggregation repository, as docs/state.md has them. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class AggregationCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final AggregationNode node = new AggregationNode(dynamo, dynamo.table("aggregation"), StateTests.clock());

    @BeforeEach
    void start() throws Exception {
        node.repository.setShards(4);
        node.repository.setRecoveryInterval(3_600_000);
        node.started();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void messageCostsOneReadAndOneWriteAndACompletionOneTransactionAndOneDelete() throws Exception {
        node.route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .aggregate(constant("a"), new Joining())
                        .aggregationRepository(node.repository)
                        .optimisticLocking()
                        .completionSize(3)
                        .to("mock:out");
            }
        });
        MockEndpoint out = node.context.getEndpoint("mock:out", MockEndpoint.class);
        out.expectedBodiesReceived("1,2,3");
        node.requests();

        send("1");
        assertThat(requestsButScans()).containsExactly("GetItem", "PutItem");
        send("2");
        assertThat(requestsButScans()).containsExactly("GetItem", "PutItem");
        send("3");
        out.assertIsSatisfied();
        StateTests.await().until(() -> node.repository.getInFlightCount() == 0);
        assertThat(requestsButScans()).containsExactly("GetItem", "TransactWriteItems", "DeleteItem");
    }

    /** A second after its start, an aggregator scans for completed groups. */
    private List<String> requestsButScans() {
        return node.requests().stream()
                .filter(request -> !request.equals("Query"))
                .toList();
    }

    @Test
    void groupOfOneMessageIsNeverStored() {
        node.requests();

        node.repository.confirm(node.context, "unknown");

        assertThat(node.requests()).isEmpty();
    }

    @Test
    void scanReadsNoGroupInProgress() {
        for (int i = 0; i < 50; i++) {
            node.aggregate("key-" + i, "x".repeat(10_000));
        }
        node.requests();

        node.repository.scan(node.context);

        assertThat(node.requests()).containsExactly("Query", "Query", "Query", "Query");
    }

    @Test
    void recoveryCostsOneWrite() {
        node.aggregate("a", "1");
        Exchange failed = node.complete("a");
        failed.setException(new IllegalStateException("told so"));
        AggregationNode.end(failed);
        node.repository.scan(node.context);
        node.requests();

        assertThat(node.repository.recover(node.context, failed.getExchangeId()))
                .isNotNull();

        assertThat(node.requests()).isEqualTo(List.of("UpdateItem"));
    }

    private void send(String body) {
        node.context.createProducerTemplate().sendBody("direct:in", body);
    }
}
