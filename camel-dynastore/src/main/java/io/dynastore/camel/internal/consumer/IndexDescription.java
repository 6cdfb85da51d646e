/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.TableSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * What the service says of an index.
 *
 * @param consistent whether it can be read consistently: the table and its local indexes can
 * @param projection what it holds of each item; empty if nobody may say
 * @param keyed whether this attribute is one of its keys, which it always holds
 */
record IndexDescription(boolean consistent, Optional<Projection> projection, Set<String> keyed) {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    /** The table itself. */
    static final IndexDescription NONE = new IndexDescription(true, Optional.empty(), Set.of());

    private static final IndexDescription UNKNOWN = new IndexDescription(false, Optional.empty(), Set.of());

    /** Asks the service. Where that is denied nothing is known: reads are not consistent, and fail if they lack something. */
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
                return new IndexDescription(true, Optional.ofNullable(local.projection()), names(local.keySchema()));
            }
        }
        for (GlobalSecondaryIndexDescription global : table.globalSecondaryIndexes()) {
            if (global.indexName().equals(index)) {
                return new IndexDescription(false, Optional.ofNullable(global.projection()), names(global.keySchema()));
            }
        }
        return UNKNOWN;
    }

    /** Whether the index holds this attribute, as far as is known. */
    boolean projects(String attribute) {
        return projection
                .map(held -> held.projectionType() == ProjectionType.ALL
                        || keyed.contains(attribute)
                        || held.nonKeyAttributes().contains(attribute))
                .orElse(true);
    }

    private static Set<String> names(List<KeySchemaElement> keys) {
        return keys.stream().map(KeySchemaElement::attributeName).collect(Collectors.toUnmodifiableSet());
    }
}
