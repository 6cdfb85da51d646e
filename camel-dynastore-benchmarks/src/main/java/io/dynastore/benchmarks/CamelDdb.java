/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.ddb.Ddb2Component;
import org.apache.camel.component.aws2.ddb.Ddb2Constants;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;

/** Camel's own component for DynamoDB, with the values that its headers take. */
final class CamelDdb extends CamelSubject {

    private final DynamoDbClient client;

    CamelDdb(URI endpoint) throws Exception {
        this.client = SdkClients.blocking(endpoint);
        open();
    }

    @Override
    void configure(CamelContext context) {
        Ddb2Component component = new Ddb2Component();
        component.getConfiguration().setAmazonDDBClient(client);
        context.addComponent("aws2-ddb", component);
    }

    @Override
    String uri(BenchmarkOperation operation) {
        String name =
                switch (operation) {
                    case CREATE -> "PutItem";
                    case UPDATE -> "UpdateItem";
                    case GET -> "GetItem";
                    case PAGE -> "Query";
                };
        return "aws2-ddb:" + StubResponses.PLAIN + "?operation=" + name;
    }

    @Override
    void fill(Exchange exchange, BenchmarkOperation operation, int item) {
        switch (operation) {
            case CREATE -> {
                exchange.getMessage()
                        .setHeader(Ddb2Constants.ITEM, Requests.create(item).item());
                exchange.getMessage()
                        .setHeader(
                                Ddb2Constants.UPDATE_CONDITION,
                                Map.of(
                                        "id",
                                        ExpectedAttributeValue.builder()
                                                .exists(false)
                                                .build()));
            }
            case UPDATE -> {
                exchange.getMessage().setHeader(Ddb2Constants.KEY, Requests.key(item));
                exchange.getMessage()
                        .setHeader(
                                Ddb2Constants.UPDATE_VALUES,
                                Map.of(
                                        "payload",
                                        put(AttributeValue.fromS(StubResponses.PAYLOAD)),
                                        "version",
                                        put(AttributeValue.fromN("8"))));
                exchange.getMessage()
                        .setHeader(
                                Ddb2Constants.UPDATE_CONDITION,
                                Map.of(
                                        "version",
                                        ExpectedAttributeValue.builder()
                                                .value(AttributeValue.fromN("7"))
                                                .build()));
            }
            case GET -> exchange.getMessage().setHeader(Ddb2Constants.KEY, Requests.key(item));
            case PAGE -> {
                exchange.getMessage().setHeader(Ddb2Constants.LIMIT, StubResponses.PAGE);
                exchange.getMessage()
                        .setHeader(
                                Ddb2Constants.KEY_CONDITIONS,
                                Map.of(
                                        "id",
                                        Condition.builder()
                                                .comparisonOperator(ComparisonOperator.EQ)
                                                .attributeValueList(AttributeValue.fromS("customer"))
                                                .build()));
            }
        }
    }

    private static AttributeValueUpdate put(AttributeValue value) {
        return AttributeValueUpdate.builder()
                .action(AttributeAction.PUT)
                .value(value)
                .build();
    }

    @Override
    public boolean blocks() {
        return true;
    }

    @Override
    public void close() {
        super.close();
        client.close();
    }
}
