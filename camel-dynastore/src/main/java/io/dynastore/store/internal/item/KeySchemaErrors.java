/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.TableSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Explains the errors of keys that are not those of the table or index: which options would describe it. The service
 * says only that they don't match, so that the table is asked for its description. It is asked until it has responded
 * once. Thread safe.
 */
public final class KeySchemaErrors {

    private static final List<String> TEXTS = List.of(
            "key element does not match the schema",
            "number of conditions on the keys is invalid",
            "Type mismatch for key",
            "Missing the key",
            "required keys was not given a value",
            "missed key schema element",
            "must have equality conditions",
            "Condition parameter type does not match schema type");

    private static final String OF_TABLE = "The table's own: ";
    private static final String OF_INDEX = "The index's own: ";

    private final TableContext table;
    private final AtomicReference<@Nullable CompletableFuture<DescribeTableResponse>> described =
            new AtomicReference<>();

    public KeySchemaErrors(TableContext table) {
        this.table = table;
    }

    /** Whether the service rejected a request because its keys are not those of the table or index. */
    public static boolean isOne(@Nullable Throwable error) {
        Throwable cause = error instanceof InvalidInputException ? error.getCause() : error;
        return cause instanceof DynamoDbException refused
                && refused.statusCode() == 400
                && TEXTS.stream().anyMatch(String.valueOf(refused.getMessage())::contains);
    }

    /**
     * The options that would describe the table or index, as far as the error says so. The same for each key.
     *
     * @param error {@linkplain #isOne one of these}
     */
    public static String remedy(Throwable error) {
        String message = String.valueOf(error.getMessage());
        int own = Math.max(message.indexOf(OF_TABLE), message.indexOf(OF_INDEX));
        return own < 0
                ? "Describe it by partitionKeyName, partitionKeyType, sortKeyName (none without one) and sortKeyType."
                : message.substring(own);
    }

    /**
     * The error with the options that would describe the table or index, if it is one of these.
     *
     * @param index the index that was read; null for the table
     * @return fails in any case
     */
    public <T> CompletableFuture<T> explained(Throwable error, @Nullable String index) {
        Throwable cause = Failures.cause(error);
        if (!isOne(cause)) {
            return CompletableFuture.failedFuture(error);
        }
        return description()
                .handle((response, undescribed) -> {
                    String options = response == null ? null : options(response.table(), index);
                    return options == null
                            ? cause
                            : new InvalidInputException(cause.getMessage() + " " + options, cause.getCause());
                })
                .thenCompose(CompletableFuture::failedFuture);
    }

    private CompletableFuture<DescribeTableResponse> description() {
        CompletableFuture<DescribeTableResponse> known = described.get();
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        CompletableFuture<DescribeTableResponse> asked =
                table.client().describeTable(request -> request.tableName(table.name()));
        described.set(asked);
        return asked;
    }

    private @Nullable String options(TableDescription description, @Nullable String index) {
        if (index != null) {
            return indexKeys(description, index).isEmpty() ? null : indexOptions(description, index);
        }
        List<KeySchemaElement> keys = description.keySchema();
        if (keys.isEmpty()) {
            return null;
        }
        Map<String, ScalarAttributeType> types = types(description);
        TableSchema schema = table.schema();
        return OF_TABLE
                + option("partitionKey", keys.subList(0, 1), types)
                + (keys.size() > 1 ? option("sortKey", keys.subList(1, 2), types) : "sortKeyName=none, ")
                + "where the endpoint has " + given("partitionKey", schema.partitionKey())
                + given("sortKey", schema.sortKey()).replaceAll(", $", ".");
    }

    /** The options that describe the keys of an index, which may consist of several attributes. */
    public static String indexOptions(TableDescription description, String index) {
        Map<String, ScalarAttributeType> types = types(description);
        List<KeySchemaElement> sort = keys(indexKeys(description, index), "RANGE");
        return OF_INDEX
                + option("indexPartitionKey", keys(indexKeys(description, index), "HASH"), types)
                + (sort.isEmpty() ? "and no sort key." : option("indexSortKey", sort, types));
    }

    private static List<KeySchemaElement> keys(List<KeySchemaElement> keys, String type) {
        return keys.stream().filter(key -> type.equals(key.keyTypeAsString())).toList();
    }

    private static Map<String, ScalarAttributeType> types(TableDescription description) {
        return description.attributeDefinitions().stream()
                .collect(Collectors.toMap(AttributeDefinition::attributeName, AttributeDefinition::attributeType));
    }

    private static List<KeySchemaElement> indexKeys(TableDescription description, String index) {
        return Stream.concat(
                        description.localSecondaryIndexes().stream()
                                .filter(local -> local.indexName().equals(index))
                                .map(LocalSecondaryIndexDescription::keySchema),
                        description.globalSecondaryIndexes().stream()
                                .filter(global -> global.indexName().equals(index))
                                .map(GlobalSecondaryIndexDescription::keySchema))
                .findFirst()
                .orElse(List.of());
    }

    private static String option(String name, List<KeySchemaElement> keys, Map<String, ScalarAttributeType> types) {
        return name + "Name="
                + keys.stream().map(KeySchemaElement::attributeName).collect(Collectors.joining(","))
                + ", " + name + "Type="
                + keys.stream()
                        .map(key -> text(type(types.get(key.attributeName()))))
                        .collect(Collectors.joining(","))
                + ", ";
    }

    private static String given(String name, @Nullable KeyAttribute attribute) {
        return attribute == null
                ? name + "Name=none, "
                : name + "Name=" + attribute.name() + ", " + name + "Type=" + text(attribute.type()) + ", ";
    }

    private static String text(KeyType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static KeyType type(@Nullable ScalarAttributeType type) {
        return type == ScalarAttributeType.N
                ? KeyType.NUMBER
                : type == ScalarAttributeType.B ? KeyType.BINARY : KeyType.STRING;
    }
}
