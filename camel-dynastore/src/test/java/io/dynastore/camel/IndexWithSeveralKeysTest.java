/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** An index whose partition key consists of two attributes, which the engine of the tests doesn't know. */
class IndexWithSeveralKeysTest extends RouteContract {

    private static final String INDEX = "index=by-tenant-and-region&indexPartitionKeyName=tenant";

    private final AtomicInteger queries = new AtomicInteger();

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", new Engine(dynamo.client()));
    }

    /** The retries of such a client are made to fit its time limit, which takes a client of our own around it. */
    @Test
    void listThroughAClientWithATimeLimitNamesThemToo() throws Exception {
        try (DynamoDbAsyncClient limited = dynamo.clientBuilder()
                .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(2)))
                .build()) {
            context.getRegistry().bind("limited", new Engine(limited));

            Exchange exchange = through(
                    null, Map.of(), store("operation=list&partitionKey=acme&dynamoDbAsyncClient=#limited&" + INDEX));

            assertThat(failure(exchange, InvalidInputException.class))
                    .hasMessageContaining("consists of the attributes tenant, region");
        }
    }

    @Test
    void listNamesTheAttributesThatNoOptionDescribes() throws Exception {
        assertThat(failure(
                        through(null, Map.of(), store("operation=list&partitionKey=acme&" + INDEX)),
                        InvalidInputException.class))
                .hasMessageContainingAll(
                        "Table " + table,
                        "by-tenant-and-region",
                        "consists of the attributes tenant, region",
                        "read the table")
                .hasCauseInstanceOf(DynamoDbException.class);
        assertThat(queries).hasValue(1);
    }

    @Test
    void consumerIsRefusedAtItsStart() {
        assertThatThrownBy(() ->
                        RouteBuilder.addRoutes(context, routes -> routes.from(store("partitionKeys=acme&" + INDEX))
                                .to("mock:out")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "Table " + table, "by-tenant-and-region", "consists of the attributes tenant, region");
        assertThat(queries).hasValue(0);
    }

    /** Describes a table with such an index, and rejects queries of it that name one attribute. */
    private final class Engine implements DynamoDbAsyncClient {
        private final DynamoDbAsyncClient settings;

        Engine(DynamoDbAsyncClient settings) {
            this.settings = settings;
        }

        @Override
        public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
            List<KeySchemaElement> keys = Stream.of("tenant", "region")
                    .map(name -> KeySchemaElement.builder()
                            .attributeName(name)
                            .keyType(KeyType.HASH)
                            .build())
                    .toList();
            return CompletableFuture.completedFuture(DescribeTableResponse.builder()
                    .table(described -> described
                            .tableName(request.tableName())
                            .attributeDefinitions(List.of())
                            .localSecondaryIndexes(List.of())
                            .globalSecondaryIndexes(GlobalSecondaryIndexDescription.builder()
                                    .indexName("by-tenant-and-region")
                                    .keySchema(keys)
                                    .build()))
                    .build());
        }

        @Override
        public CompletableFuture<QueryResponse> query(QueryRequest request) {
            queries.incrementAndGet();
            String reason = "Query condition missed key schema element: region";
            return CompletableFuture.failedFuture(DynamoDbException.builder()
                    .statusCode(400)
                    .message(reason)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("ValidationException")
                            .errorMessage(reason)
                            .build())
                    .build());
        }

        @Override
        public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
            return settings.serviceClientConfiguration();
        }

        @Override
        public String serviceName() {
            return settings.serviceName();
        }

        @Override
        public void close() {
            // The settings are shared.
        }
    }
}
