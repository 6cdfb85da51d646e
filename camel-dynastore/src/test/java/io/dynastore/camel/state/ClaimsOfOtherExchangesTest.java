/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges that take in the exchange of another, which has keys in flight too. */
class ClaimsOfOtherExchangesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final IdempotentNode node = new IdempotentNode(dynamo, dynamo.table("idempotent"), StateTests.clock());

    @BeforeEach
    void startRoutes() throws Exception {
        node.started();
        RouteBuilder.addRoutes(node.context, builder -> {
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            builder.from("direct:another")
                    .idempotentConsumer(builder.header("id"), node.repository)
                    .to(ExchangePattern.InOnly, "seda:other?waitForTaskToComplete=Never");
            builder.from("direct:in")
                    .idempotentConsumer(builder.header("id"), node.repository)
                    .pollEnrich("seda:other", 10_000)
                    .choice()
                    .when(exchange -> exchange.getProperty("fails", false, boolean.class))
                    .throwException(new IllegalStateException("on purpose"));
        });
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Exchange send(String to, String id, boolean fails) {
        return node.context.createProducerTemplate().send(to, exchange -> {
            exchange.getMessage().setHeaders(Map.of("id", id));
            exchange.setProperty("fails", fails);
        });
    }

    @Test
    void failedExchangeForgetsItsOwnKeyAndThatOfTheOneThatItTookIn() {
        send("direct:another", "theirs", true);

        Exchange exchange = send("direct:in", "mine", true);

        assertThat(exchange.getException()).isInstanceOf(IllegalStateException.class);
        assertThat(node.repository.contains("mine")).isFalse();
        assertThat(node.repository.contains("theirs")).isFalse();
        assertThat(node.repository.getRefusedCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine", "theirs"})
    void exchangeThatSucceedsKeepsItsOwnKeyAndThatOfTheOneThatItTookIn(String key) {
        send("direct:another", "theirs", false);

        Exchange exchange = send("direct:in", "mine", false);

        assertThat(exchange.getException()).isNull();
        assertThat(node.repository.getRefusedCount()).isZero();
        assertThat(node.repository.getInFlightCount()).isZero();
        assertThat(node.repository.remove(key)).isTrue();
    }
}
