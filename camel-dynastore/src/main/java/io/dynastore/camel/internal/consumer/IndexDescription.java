/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
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
 * @param options the options that describe its keys; empty if they are not known
 */
record IndexDescription(
        boolean consistent, @Nullable Projection projection, List<KeySchemaElement> keys, String options) {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    /** The table itself. */
    static final IndexDescription NONE = new IndexDescription(true, null, List.of(), "");

    private static final IndexDescription UNKNOWN = new IndexDescription(false, null, List.of(), "");

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
                return new IndexDescription(
                        true, local.projection(), local.keySchema(), TableErrorLog.indexOptions(table, index));
            }
        }
        for (GlobalSecondaryIndexDescription global : table.globalSecondaryIndexes()) {
            if (global.indexName().equals(index)) {
                return new IndexDescription(
                        false, global.projection(), global.keySchema(), TableErrorLog.indexOptions(table, index));
            }
        }
        return UNKNOWN;
    }

    /**
     * The options that would describe the index, if one of its keys consists of several attributes and the given ones
     * are others.
     *
     * @return null if the given ones fit, or nothing is known
     */
    @Nullable
    String unlike(IndexSchema given) {
        List<String> partition = names(KeyType.HASH);
        List<String> sort = names(KeyType.RANGE);
        boolean several = partition.size() > 1 || sort.size() > 1 || given.hasSeveralAttributes();
        return keys.isEmpty()
                        || !several
                        || (partition.equals(names(given.partitionKeys())) && sort.equals(names(given.sortKeys())))
                ? null
                : options;
    }

    private List<String> names(KeyType type) {
        return keys.stream()
                .filter(key -> key.keyType() == type)
                .map(KeySchemaElement::attributeName)
                .toList();
    }

    private static List<String> names(List<KeyAttribute> attributes) {
        return attributes.stream().map(KeyAttribute::name).toList();
    }

    /** Whether the index holds this attribute. True if that is not known. */
    boolean projects(String attribute) {
        return projection == null
                || projection.projectionType() == ProjectionType.ALL
                || keys.stream().anyMatch(key -> key.attributeName().equals(attribute))
                || projection.nonKeyAttributes().contains(attribute);
    }
}
