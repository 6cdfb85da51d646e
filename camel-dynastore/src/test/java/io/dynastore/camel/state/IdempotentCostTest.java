/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.WireMeter;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The requests and capacity units of each step of an idempotent repository, as docs/state.md has them. */
class IdempotentCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final WireMeter meter = new WireMeter(true);
    private final IdempotentNode node = new IdempotentNode(
            dynamo, dynamo.table("idempotent"), StateTests.clock(), new DynaStoreIdempotentRepository(), meter);
    private final DynaStoreIdempotentRepository repository = node.repository;

    @BeforeEach
    void start() throws Exception {
        node.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .idempotentConsumer(body())
                        .idempotentRepository(repository)
                        .to("mock:out");
                from("direct:not-eager")
                        .idempotentConsumer(body())
                        .idempotentRepository(repository)
                        .eager(false)
                        .to("mock:out");
            }
        });
        node.started();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void startCostsOneWriteAndADescriptionOfTheTable() {
        assertCost(2, 1);
    }

    @Test
    void eachStepCostsOneRequest() {
        Exchange exchange = node.exchange();
        meter.clear();

        repository.add(exchange, "a");
        assertCost(1, 1);
        repository.add(node.exchange(), "a");
        assertCost(1, 1);
        repository.contains("a");
        assertCost(1, 1);
        repository.confirm(exchange, "a");
        assertCost(1, 1);
        repository.remove(exchange, "a");
        assertCost(1, 1);
        repository.remove(node.exchange(), "a");
        assertCost(0, 0);
    }

    @Test
    void messageCostsTwoWritesAndItsDuplicateOne() {
        meter.clear();

        node.context.createProducerTemplate().sendBody("direct:in", "a");
        assertCost(2, 2);
        node.context.createProducerTemplate().sendBody("direct:in", "a");
        assertCost(1, 1);
    }

    @Test
    void messageCostsOneReadMoreIfItIsNotEager() {
        meter.clear();

        node.context.createProducerTemplate().sendBody("direct:not-eager", "a");
        assertCost(3, 3);
        node.context.createProducerTemplate().sendBody("direct:not-eager", "a");
        assertCost(1, 1);
    }

    /** DynamoDB Local reports no capacity for a failed condition; the service charges one write unit for it. */
    private void assertCost(int requests, double most) {
        assertThat(meter.requests()).isEqualTo(requests);
        assertThat(meter.units()).isLessThanOrEqualTo(most);
        meter.clear();
    }
}
