/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.TableSpec.KeySpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

class DynamoDbExtensionTest {

    private static final TableSpec PLAIN = TableSpec.partitionKey("id", S);

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String NOT_EVERY_ENGINE = "Some engines have no streams, and no time to live.";

    @Test
    @DisabledIfSystemProperty(named = "dynastore.test.endpoint", matches = ".+", disabledReason = NOT_EVERY_ENGINE)
    void makesTableWithIndexesAndStream() {
        TableSpec spec = PLAIN
                .sortKey("at", N)
                .localIndex("by-size", "size", N, ProjectionType.KEYS_ONLY)
                .globalIndex("by-owner", "owner", S, ProjectionType.ALL)
                .globalIndex("by-state", new KeySpec("state", S), new KeySpec("at", N), ProjectionType.ALL)
                .stream();

        TableDescription made = describe(dynamo.table("indexed", spec));

        assertThat(made.tableName()).startsWith("indexed-");
        assertThat(made.localSecondaryIndexes())
                .extracting(LocalSecondaryIndexDescription::indexName)
                .containsExactly("by-size");
        assertThat(made.globalSecondaryIndexes())
                .extracting(index -> index.indexName() + index.keySchema().size())
                .containsExactlyInAnyOrder("by-owner1", "by-state2");
        assertThat(made.latestStreamArn()).isNotBlank();
    }

    @Test
    void makesTableThatTheComponentExpects() {
        TableDescription made = describe(dynamo.table("tickets"));

        assertThat(made.tableName()).startsWith("tickets-");
        assertThat(made.keySchema())
                .extracting(key -> key.attributeName() + " " + key.keyType())
                .containsExactly("id HASH", "name RANGE");
        assertThat(made.attributeDefinitions())
                .allSatisfy(key -> assertThat(key.attributeType()).isEqualTo(S));
    }

    @Test
    void propertiesOfTheComponentLeadToTheEngine() {
        assertThat(dynamo.componentProperties())
                .containsEntry(
                        "camel.component.dynastore.uriEndpointOverride",
                        dynamo.endpoint().toString())
                .containsEntry("camel.component.dynastore.overrideEndpoint", "true")
                .containsKeys(
                        "camel.component.dynastore.region",
                        "camel.component.dynastore.accessKey",
                        "camel.component.dynastore.secretKey");
    }

    @Test
    @DisabledIfSystemProperty(named = "dynastore.test.endpoint", matches = ".+", disabledReason = NOT_EVERY_ENGINE)
    void switchesTimeToLiveOn() {
        String table = dynamo.table("expiring", PLAIN.timeToLive("expires"));

        assertThat(dynamo.client()
                        .describeTimeToLive(describe -> describe.tableName(table))
                        .join()
                        .timeToLiveDescription()
                        .attributeName())
                .isEqualTo("expires");
    }

    @Test
    void readsBackWhatWasPut() {
        String table = dynamo.table("items", PLAIN);
        Map<String, AttributeValue> key = Map.of("id", AttributeValue.fromS("a"));
        Map<String, AttributeValue> item = Map.of("id", AttributeValue.fromS("a"), "n", AttributeValue.fromN("1"));

        dynamo.rawPut(table, item);

        assertThat(dynamo.rawGet(table, key)).isEqualTo(item);
        assertThat(dynamo.rawScan(table)).containsExactly(item);
        assertThat(dynamo.rawGet(table, Map.of("id", AttributeValue.fromS("b"))))
                .isEmpty();
    }

    @Test
    void twoClassesShareServerButNoTables() {
        TwoTables.made.clear();

        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(TwoTables.First.class), selectClass(TwoTables.Second.class))
                .execute()
                .testEvents()
                .assertStatistics(events -> events.succeeded(3));

        assertThat(TwoTables.made).hasSize(3).doesNotHaveDuplicates();
        assertThat(dynamo.client().listTables().join().tableNames()).doesNotContainAnyElementsOf(TwoTables.made);
    }

    @Test
    void tablesOutliveTheEndOfOtherExtensions() {
        SlowToStop.tables.clear();

        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(SlowToStop.class))
                .execute()
                .allEvents()
                .assertStatistics(events -> events.failed(0));

        assertThat(SlowToStop.tables).hasSize(1);
        assertThat(dynamo.client().listTables().join().tableNames()).doesNotContainAnyElementsOf(SlowToStop.tables);
    }

    private static TableDescription describe(String table) {
        return dynamo.client()
                .describeTable(describe -> describe.tableName(table))
                .join()
                .table();
    }

    @Test
    void fieldThatIsNotStaticIsRefused() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(OfTheInstance.class))
                .execute()
                .testEvents()
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("static")))));
    }

    static class OfTheInstance {

        @RegisterExtension
        final DynamoDbExtension own = DynamoDbExtension.create();

        @Test
        void hasATable() {
            own.table("instance", PLAIN);
        }
    }

    /** Another extension that starts first and so ends last, as Spring's. */
    static class Application implements AfterAllCallback {

        @Override
        public void afterAll(ExtensionContext context) {
            assertThat(dynamo.client().listTables().join().tableNames()).containsAll(SlowToStop.tables);
        }
    }

    @ExtendWith(Application.class)
    static class SlowToStop {

        static final List<String> tables = new CopyOnWriteArrayList<>();

        @RegisterExtension
        static final DynamoDbExtension own = DynamoDbExtension.create();

        @Test
        void makesTable() {
            tables.add(own.table("slow", PLAIN));
        }
    }

    /** Two classes that a test above runs. Surefire does not find them, as it excludes nested classes. */
    static class TwoTables {

        static final List<String> made = new CopyOnWriteArrayList<>();

        @TestInstance(TestInstance.Lifecycle.PER_CLASS)
        @ExtendWith(DynamoDbExtension.class)
        static class First {

            private String table = "";

            @Test
            void makesTable(DynamoDbExtension injected) {
                table = injected.table("same", PLAIN);
                made.add(table);
            }

            @Nested
            class Inner {
                @Test
                void findsOuterTableStillThere(DynamoDbExtension injected) {
                    String outer = table.isEmpty() ? injected.table("same", PLAIN) : table;
                    assertThat(injected.rawScan(outer)).isEmpty();
                    made.add(injected.table("same", PLAIN));
                }
            }
        }

        @ExtendWith(DynamoDbExtension.class)
        static class Second {

            @Test
            void makesTable(DynamoDbExtension injected, DynamoDbAsyncClient client) {
                String table = injected.table("same", PLAIN);
                made.add(table);
                assertThat(client.listTables().join().tableNames()).contains(table);
            }
        }
    }
}
