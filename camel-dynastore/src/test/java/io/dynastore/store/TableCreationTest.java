/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

class TableCreationTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    @NeedsEngine(EngineAbility.UPDATE_TIME_TO_LIVE)
    void tableHasTheDeclaredKeyOnDemandCapacityAndItsTimeToLiveOn(KeyType type) {
        TableSchema schema = schema(dynamo.freshName("created"), KeyType.BINARY, type);

        ensure(schema);

        TableDescription made = describe(schema);
        assertThat(made.keySchema())
                .extracting(element -> element.attributeName() + " " + element.keyTypeAsString())
                .containsExactly("pk HASH", "sk RANGE");
        assertThat(made.attributeDefinitions())
                .extracting(attribute -> attribute.attributeName() + " " + attribute.attributeTypeAsString())
                .containsExactlyInAnyOrder("pk B", "sk " + type.name().charAt(0));
        assertThat(made.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(made.tableStatusAsString()).isEqualTo("ACTIVE");
        assertThat(timeToLive(schema).attributeName()).isEqualTo("e");
        assertThat(timeToLive(schema).timeToLiveStatusAsString()).isIn("ENABLED", "ENABLING");
    }

    @Test
    void tableWithoutSortKeyHasNone() {
        TableSchema schema = schema(dynamo.freshName("created"), KeyType.STRING, null);

        ensure(schema);

        assertThat(describe(schema).keySchema()).hasSize(1);
    }

    @Test
    @NeedsEngine(EngineAbility.UPDATE_TIME_TO_LIVE)
    void timeToLiveIsSwitchedOnIfAnEarlierCreationBrokeOffBefore() {
        String table = dynamo.table("existing", TableSpec.partitionKey("pk", ScalarAttributeType.S));
        TableSchema schema = schema(table, KeyType.STRING, null);

        ensure(schema);

        assertThat(timeToLive(schema).attributeName()).isEqualTo("e");
    }

    @Test
    @NeedsEngine(EngineAbility.UPDATE_TIME_TO_LIVE)
    void timeToLiveOfAnotherAttributeIsLeftAsItIs() {
        TableSchema before = schema(dynamo.freshName("created"), KeyType.STRING, null);
        ensure(before);

        ensure(new TableSchema(before.table(), before.partitionKey(), null, "v", "other", "p"));

        assertThat(timeToLive(before).attributeName()).isEqualTo("e");
    }

    @Test
    void existingTableNeedsNoPermissionToCreateOne() {
        TableSchema schema = schema(dynamo.freshName("created"), KeyType.STRING, null);
        ensure(schema);

        try (DynamoDbAsyncClient limited = refusing("AccessDeniedException", "CreateTable", "UpdateTimeToLive")) {
            new TableCreation(limited, schema).ensure(PATIENCE).join();
        }
    }

    @Test
    void tableOfAnEngineWithoutTimeToLiveIsUsedAllTheSame() {
        TableSchema schema = schema(dynamo.freshName("created"), KeyType.STRING, null);

        try (DynamoDbAsyncClient engine =
                refusing("UnknownOperationException", "DescribeTimeToLive", "UpdateTimeToLive")) {
            new TableCreation(engine, schema).ensure(PATIENCE).join();
        }

        assertThat(describe(schema).tableStatusAsString()).isEqualTo("ACTIVE");
    }

    /** A client whose requests of these operations the service refuses. */
    private static DynamoDbAsyncClient refusing(String code, String... operations) {
        ExecutionInterceptor refusal = new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (List.of(operations).contains(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))) {
                    throw DynamoDbException.builder()
                            .statusCode(400)
                            .awsErrorDetails(
                                    AwsErrorDetails.builder().errorCode(code).build())
                            .message(code)
                            .build();
                }
            }
        };
        return dynamo.clientBuilder()
                .overrideConfiguration(override -> override.addExecutionInterceptor(refusal))
                .build();
    }

    @Test
    @NeedsEngine(EngineAbility.UPDATE_TIME_TO_LIVE)
    void manyMayCreateItAtTheSameTime() {
        TableSchema schema = schema(dynamo.freshName("raced"), KeyType.STRING, KeyType.STRING);

        List<CompletableFuture<Void>> all = IntStream.range(0, 5)
                .mapToObj(i -> new TableCreation(dynamo.client(), schema).ensure(PATIENCE))
                .toList();

        all.forEach(CompletableFuture::join);
        assertThat(timeToLive(schema).attributeName()).isEqualTo("e");
    }

    @Test
    void existingTableOfAnotherKeyIsRefused() {
        String table = dynamo.table(
                "existing", TableSpec.partitionKey("pk", ScalarAttributeType.S).sortKey("sk", ScalarAttributeType.N));

        ensure(schema(table, KeyType.STRING, KeyType.NUMBER));
        for (TableSchema other : List.of(
                schema(table, KeyType.NUMBER, KeyType.NUMBER),
                schema(table, KeyType.STRING, KeyType.STRING),
                schema(table, KeyType.STRING, null),
                TableSchema.named(table))) {
            assertThatThrownBy(() -> ensure(other))
                    .isInstanceOf(DynaStoreException.class)
                    .hasMessageContainingAll(table, "partitionKeyType");
        }
    }

    @Test
    void errorOfTheServiceComesThrough() {
        assertThatThrownBy(() -> ensure(schema("?", KeyType.STRING, null))).isInstanceOf(DynamoDbException.class);
    }

    private static void ensure(TableSchema schema) {
        try {
            new TableCreation(dynamo.client(), schema).ensure(PATIENCE).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static TableSchema schema(String table, KeyType partition, @Nullable KeyType sort) {
        KeyAttribute sortKey = sort == null ? null : new KeyAttribute("sk", sort);
        return new TableSchema(table, new KeyAttribute("pk", partition), sortKey, "v", "e", "p");
    }

    private static TableDescription describe(TableSchema schema) {
        return dynamo.client()
                .describeTable(describe -> describe.tableName(schema.table()))
                .join()
                .table();
    }

    private static TimeToLiveDescription timeToLive(TableSchema schema) {
        return dynamo.client()
                .describeTimeToLive(describe -> describe.tableName(schema.table()))
                .join()
                .timeToLiveDescription();
    }
}
