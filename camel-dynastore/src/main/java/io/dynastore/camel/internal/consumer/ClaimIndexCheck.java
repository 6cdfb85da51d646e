/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.ClaimIndex;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Checks the index of a work queue when a consumer starts. */
final class ClaimIndexCheck {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    private ClaimIndexCheck() {}

    /**
     * Describes the table. If DynamoDB denies that, a wrong index is noticed only when a poll fails.
     *
     * @throws InvalidInputException naming the table, the index and the remedy, if the index is missing or another one
     */
    static void check(DynamoDbAsyncClient client, TableSchema schema, ClaimIndex index) throws Exception {
        TableDescription table;
        try {
            table = ConsumerContextFactory.waitFor(client.describeTable(describe -> describe.tableName(schema.table())))
                    .table();
        } catch (DynamoDbException e) {
            LOG.debug("Table {}: the index {} can't be described", schema.table(), index.name(), e);
            return;
        }
        Optional<GlobalSecondaryIndexDescription> found = table.globalSecondaryIndexes().stream()
                .filter(each -> each.indexName().equals(index.name()))
                .findFirst();
        if (found.isEmpty()) {
            throw wrong(schema, index, "does not exist");
        }
        if (!hasKey(table, found.get())) {
            throw wrong(schema, index, "has another key");
        }
        for (String attribute : index.projected(schema)) {
            if (!projects(found.get().projection(), attribute)) {
                throw wrong(schema, index, "does not project '" + attribute + "'");
            }
        }
    }

    private static boolean hasKey(TableDescription table, GlobalSecondaryIndexDescription index) {
        Map<String, String> types = table.attributeDefinitions().stream()
                .collect(Collectors.toMap(
                        AttributeDefinition::attributeName, AttributeDefinition::attributeTypeAsString));
        Map<KeyType, String> keys = index.keySchema().stream()
                .collect(
                        Collectors.toMap(KeySchemaElement::keyType, KeySchemaElement::attributeName, (one, two) -> ""));
        return keys.equals(Map.of(KeyType.HASH, QueueAttributes.SHARD, KeyType.RANGE, QueueAttributes.FROM))
                && "S".equals(types.get(QueueAttributes.SHARD))
                && "N".equals(types.get(QueueAttributes.FROM));
    }

    private static boolean projects(Projection projection, String attribute) {
        return projection.projectionType() == ProjectionType.ALL
                || projection.nonKeyAttributes().contains(attribute);
    }

    private static InvalidInputException wrong(TableSchema schema, ClaimIndex index, String how) {
        return new InvalidInputException("Table " + schema.table() + ": the global index " + index.name()
                + " that claimIndex names " + how + ". It needs the partition key " + QueueAttributes.SHARD
                + " (S), the sort key " + QueueAttributes.FROM + " (N), and the attributes "
                + String.join(", ", index.projected(schema)) + ". Create it, set autoCreateTable=true if it is missing,"
                + " or leave claimIndex out.");
    }
}
