/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * DynamoDB's description of an index, or of the table itself.
 *
 * @param consistent whether it allows consistent reads: the table and its local indexes do
 * @param projection the attributes that it holds of each item; null if that is not known
 * @param keys its key schema; it always holds these attributes
 */
record IndexDescription(boolean consistent, @Nullable Projection projection, List<KeySchemaElement> keys) {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    /** The table itself. */
    static final IndexDescription NONE = new IndexDescription(true, null, List.of());

    private static final IndexDescription UNKNOWN = new IndexDescription(false, null, List.of());

    /**
     * Describes an index. If DynamoDB denies that, nothing is known of the index. Then reads are not consistent, and a
     * missing attribute is noticed only when a read fails.
     */
    static IndexDescription of(DynamoDbAsyncClient client, TableSchema schema, String index) throws Exception {
        try {
            return of(
                    ConsumerContextFactory.waitFor(client.describeTable(describe -> describe.tableName(schema.table())))
                            .table(),
                    index);
        } catch (DynamoDbException e) {
            LOG.debug("Table {}: the index {} can't be described", schema.table(), index, e);
            return UNKNOWN;
        }
    }

    private static IndexDescription of(TableDescription table, String index) {
        for (LocalSecondaryIndexDescription local : table.localSecondaryIndexes()) {
            if (local.indexName().equals(index)) {
                return new IndexDescription(true, local.projection(), local.keySchema());
            }
        }
        for (GlobalSecondaryIndexDescription global : table.globalSecondaryIndexes()) {
            if (global.indexName().equals(index)) {
                return new IndexDescription(false, global.projection(), global.keySchema());
            }
        }
        return UNKNOWN;
    }

    /** Whether the index holds this attribute. True if that is not known. */
    boolean projects(String attribute) {
        return projection == null
                || projection.projectionType() == ProjectionType.ALL
                || keys.stream().anyMatch(key -> key.attributeName().equals(attribute))
                || projection.nonKeyAttributes().contains(attribute);
    }
}
