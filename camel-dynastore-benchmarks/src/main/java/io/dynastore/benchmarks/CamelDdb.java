/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
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
        Message message = exchange.getMessage();
        switch (operation) {
            case CREATE -> {
                message.setHeader(Ddb2Constants.ITEM, Requests.create(item).item());
                message.setHeader(Ddb2Constants.UPDATE_CONDITION, Map.of("id", absent()));
            }
            case UPDATE -> {
                message.setHeader(Ddb2Constants.KEY, Requests.key(item));
                message.setHeader(Ddb2Constants.UPDATE_VALUES, changes());
                message.setHeader(Ddb2Constants.UPDATE_CONDITION, Map.of("version", equalTo("7")));
            }
            case GET -> message.setHeader(Ddb2Constants.KEY, Requests.key(item));
            case PAGE -> {
                message.setHeader(Ddb2Constants.LIMIT, StubResponses.PAGE);
                message.setHeader(Ddb2Constants.KEY_CONDITIONS, Map.of("id", partition()));
            }
        }
    }

    private static ExpectedAttributeValue absent() {
        return ExpectedAttributeValue.builder().exists(false).build();
    }

    private static ExpectedAttributeValue equalTo(String number) {
        return ExpectedAttributeValue.builder()
                .value(AttributeValue.fromN(number))
                .build();
    }

    private static Map<String, AttributeValueUpdate> changes() {
        return Map.of(
                "payload", put(AttributeValue.fromS(StubResponses.PAYLOAD)), "version", put(AttributeValue.fromN("8")));
    }

    private static Condition partition() {
        return Condition.builder()
                .comparisonOperator(ComparisonOperator.EQ)
                .attributeValueList(AttributeValue.fromS("customer"))
                .build();
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
