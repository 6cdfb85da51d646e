/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** Lists through an index that projects chosen attributes. */
class ProjectedAttributesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Key KEY = Key.of("a", "b");

    @Test
    void versionExpiresAndPayloadAreEnough() {
        TableSchema schema = table("version", "expires", "payload");

        assertThat(StoreFixture.run(store(schema), list()).items())
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.key()).isEqualTo(KEY);
                    assertThat(item.payload()).isEqualTo("hello");
                    assertThat(item.version()).isEqualTo(1);
                    assertThat(item.expires()).isNotNull();
                    assertThat(item.fields()).isEqualTo(Map.of("owner", "jo"));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "expires", "payload"})
    @NeedsEngine(EngineAbility.FILTERS_CHECKED_BY_PROJECTION)
    void eachOfThemThatIsMissingIsAnErrorThatNamesTheRemedy(String missing) {
        List<String> projected = List.of("version", "expires", "payload").stream()
                .filter(name -> !name.equals(missing))
                .toList();
        TableSchema schema = table(projected.toArray(String[]::new));

        for (boolean includeExpired : new boolean[] {true, false}) {
            assertThatThrownBy(() -> StoreFixture.run(store(schema), list().includeExpired(includeExpired)))
                    .isInstanceOf(DynaStoreException.class)
                    .hasMessageContainingAll(schema.table(), "by-owner", missing, "fetch=true");
        }
        assertThat(StoreFixture.run(store(schema), list().fetch(true)).items()).hasSize(1);
    }

    private static ListCall.Builder list() {
        return Call.list("jo").index("by-owner").indexPartitionKeyName("owner");
    }

    private static DynaStore store(TableSchema schema) {
        return DynaStore.builder(dynamo.client(), schema).build();
    }

    private static TableSchema table(String... projected) {
        TableSchema schema = TableSchema.named(dynamo.freshName("projected"));
        GlobalSecondaryIndex index = GlobalSecondaryIndex.builder()
                .indexName("by-owner")
                .keySchema(key("owner", KeyType.HASH))
                .projection(projection ->
                        projection.projectionType(ProjectionType.INCLUDE).nonKeyAttributes(projected))
                .build();
        dynamo.client()
                .createTable(create -> create.tableName(schema.table())
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .keySchema(key("id", KeyType.HASH), key("name", KeyType.RANGE))
                        .attributeDefinitions(text("id"), text("name"), text("owner"))
                        .globalSecondaryIndexes(index))
                .thenCompose(
                        made -> dynamo.client().waiter().waitUntilTableExists(table -> table.tableName(schema.table())))
                .join();
        StoreFixture.run(
                store(schema),
                Call.create(KEY, "hello")
                        .expiry(Expiry.after(Duration.ofHours(1)))
                        .fields(Map.of("owner", "jo")));
        return schema;
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType("S")
                .build();
    }
}
