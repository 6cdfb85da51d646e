/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

class CamelDdbTicketRoutesTest {

    private final List<PutItemRequest> puts = new ArrayList<>();

    /** A table of one ticket. */
    private final DynamoDbClient client = new DynamoDbClient() {
        @Override
        public DescribeTableResponse describeTable(DescribeTableRequest request) {
            return DescribeTableResponse.builder()
                    .table(table -> table.tableStatus(TableStatus.ACTIVE))
                    .build();
        }

        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            return GetItemResponse.builder()
                    .item(Map.of(
                            "version", AttributeValue.fromN("1"),
                            "payload", AttributeValue.fromM(Map.of("status", AttributeValue.fromS("open")))))
                    .build();
        }

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            puts.add(request);
            return PutItemResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    };

    @Test
    void changesOneFieldIfTheVersionIsTheOneThatWasRead() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("client", client);
            context.addRoutes(new CamelDdbTicketRoutes());
            context.start();

            context.createProducerTemplate().sendBodyAndHeader("direct:close-ticket", null, "ticket", "4711");
        }

        assertThat(puts).singleElement().satisfies(put -> {
            assertThat(put.item()).containsEntry("version", AttributeValue.fromN("2"));
            assertThat(put.item())
                    .containsEntry("payload", AttributeValue.fromM(Map.of("status", AttributeValue.fromS("closed"))));
            assertThat(put.expected())
                    .containsEntry(
                            "version",
                            ExpectedAttributeValue.builder()
                                    .value(AttributeValue.fromN("1"))
                                    .build());
        });
    }
}
