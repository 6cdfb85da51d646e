/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import io.dynastore.test.TableSpec.IndexSpec;
import io.dynastore.test.TableSpec.KeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** Converts a {@link TableSpec} to requests of the SDK. */
final class TableRequests {

    private TableRequests() {}

    static CreateTableRequest create(String table, TableSpec spec) {
        CreateTableRequest.Builder request = CreateTableRequest.builder()
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keySchema(
                        List.of(spec.partition()), spec.sort().stream().toList()))
                .attributeDefinitions(attributes(spec));
        // DynamoDB rejects an empty list of indexes, but accepts none.
        if (!spec.localIndexes().isEmpty()) {
            request.localSecondaryIndexes(
                    spec.localIndexes().stream().map(TableRequests::local).toList());
        }
        if (!spec.globalIndexes().isEmpty()) {
            request.globalSecondaryIndexes(
                    spec.globalIndexes().stream().map(TableRequests::global).toList());
        }
        spec.streamView()
                .ifPresent(view -> request.streamSpecification(
                        stream -> stream.streamEnabled(true).streamViewType(view)));
        return request.build();
    }

    static UpdateTimeToLiveRequest timeToLive(String table, String attribute) {
        return UpdateTimeToLiveRequest.builder()
                .tableName(table)
                .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName(attribute))
                .build();
    }

    private static LocalSecondaryIndex local(IndexSpec index) {
        return LocalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keySchema(index.partition(), index.sort()))
                .projection(projection -> projection.projectionType(index.projection()))
                .build();
    }

    private static GlobalSecondaryIndex global(IndexSpec index) {
        return GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keySchema(index.partition(), index.sort()))
                .projection(projection -> projection.projectionType(index.projection()))
                .build();
    }

    private static List<KeySchemaElement> keySchema(List<KeySpec> partition, List<KeySpec> sort) {
        List<KeySchemaElement> schema = new ArrayList<>();
        partition.forEach(key -> schema.add(element(key, KeyType.HASH)));
        sort.forEach(key -> schema.add(element(key, KeyType.RANGE)));
        return schema;
    }

    private static KeySchemaElement element(KeySpec key, KeyType type) {
        return KeySchemaElement.builder()
                .attributeName(key.name())
                .keyType(type)
                .build();
    }

    /** The key attributes, each once even if several indexes share it. */
    private static List<AttributeDefinition> attributes(TableSpec spec) {
        Stream<KeySpec> ofTable = Stream.concat(Stream.of(spec.partition()), spec.sort().stream());
        Stream<KeySpec> ofIndexes = Stream.concat(spec.localIndexes().stream(), spec.globalIndexes().stream())
                .flatMap(index -> Stream.concat(index.partition().stream(), index.sort().stream()));
        return Stream.concat(ofTable, ofIndexes)
                .distinct()
                .map(key -> AttributeDefinition.builder()
                        .attributeName(key.name())
                        .attributeType(key.type())
                        .build())
                .toList();
    }
}
