/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.net.URI;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

class RecordingHttpClientTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Map<String, AttributeValue> ITEM =
            Map.of("id", AttributeValue.fromS("a"), "body", AttributeValue.fromS("x".repeat(4000)));

    private final RecordingHttpClient http = RecordingHttpClient.overNetty();
    private DynamoDbAsyncClient client;
    private String table;

    @BeforeEach
    void connect() {
        client = dynamo.clientBuilder().httpClient(http).build();
        table = dynamo.table("recorded", TableSpec.partitionKey("id", S));
    }

    @AfterEach
    void disconnect() {
        client.close();
        http.close();
    }

    @Test
    void recordsOneRequestWithBothBodies() {
        client.putItem(put -> put.tableName(table).item(ITEM)).join();

        assertThat(http.requests()).singleElement().satisfies(put -> {
            assertThat(put.operation()).isEqualTo("PutItem");
            assertThat(put.status()).isEqualTo(200);
            assertThat(put.request().at("/Item/id/S").asText()).isEqualTo("a");
            assertThat(put.requestBytes()).isGreaterThan(4000);
            assertThat(put.response().has("Attributes")).isFalse();
            assertThat(put.responseBytes()).isLessThan(300);
        });
    }

    @Test
    void seesPayloadThatComesBack() {
        client.putItem(put -> put.tableName(table).item(ITEM)).join();
        http.clear();

        client.putItem(put -> put.tableName(table).item(ITEM).returnValues(ReturnValue.ALL_OLD))
                .join();

        assertThat(http.requests()).singleElement().satisfies(put -> {
            assertThat(put.response().at("/Attributes/body/S").asText()).hasSize(4000);
            assertThat(put.responseBytes()).isGreaterThan(4000);
        });
    }

    @Test
    void recordsRefusedWrite() {
        assertThatThrownBy(() -> client.putItem(
                                put -> put.tableName(table).item(ITEM).conditionExpression("attribute_exists(id)"))
                        .join())
                .hasCauseInstanceOf(ConditionalCheckFailedException.class);

        assertThat(http.requests()).singleElement().satisfies(put -> {
            assertThat(put.status()).isEqualTo(400);
            assertThat(put.response().path("__type").asText()).endsWith("ConditionalCheckFailedException");
        });
    }

    @Test
    void recordsRequestThatGetsNoResponse() {
        try (DynamoDbAsyncClient nowhere = dynamo.clientBuilder()
                .endpointOverride(URI.create("http://localhost:1"))
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
                .httpClient(http)
                .build()) {
            assertThatThrownBy(() -> nowhere.listTables().join()).isNotNull();
        }

        assertThat(http.requests()).singleElement().satisfies(list -> {
            assertThat(list.operation()).isEqualTo("ListTables");
            assertThat(list.status()).isZero();
            assertThat(list.response().isMissingNode()).isTrue();
        });
    }

    @Test
    void losesNoneOfManyAtOnce() {
        IntStream.range(0, 200)
                .mapToObj(i -> client.getItem(
                        get -> get.tableName(table).key(Map.of("id", AttributeValue.fromS(Integer.toString(i))))))
                .toList()
                .forEach(get -> get.join());

        assertThat(http.requests())
                .hasSize(200)
                .extracting(get -> get.request().at("/Key/id/S").asText())
                .doesNotHaveDuplicates();
    }
}
