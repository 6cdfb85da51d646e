/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The number of partitions that a repository is spread over. The table keeps it: with another number, an instance would
 * look for the same key in another place.
 */
final class ShardNumber {

    private static final int MOST = 1000;
    private static final String ATTRIBUTE = "_dsshards";

    private ShardNumber() {}

    /** Rejects a number that no repository can have. */
    static void check(int shards) {
        if (shards < 1 || shards > MOST) {
            throw new InvalidInputException("shards is 1 to " + MOST + ", not " + shards + ".");
        }
    }

    /**
     * The first request of a repository: the first instance writes the number, and all others have to agree.
     *
     * @param place the item with the settings that all instances share
     * @param repository the kind and the name of the repository, for the error
     * @throws InvalidInputException if the table has another number
     */
    static int agree(TableRequests requests, Key place, String repository, int shards) {
        UpdateItemRequest write = UpdateItemRequest.builder()
                .tableName(requests.schema().table())
                .key(requests.schema().encode(place))
                .updateExpression("SET #shards = if_not_exists(#shards, :shards)")
                .expressionAttributeNames(Map.of("#shards", ATTRIBUTE))
                .expressionAttributeValues(Map.of(":shards", ExpressionParts.number(shards)))
                .returnValues(ReturnValue.ALL_NEW)
                .overrideConfiguration(requests.limits())
                .build();
        int stored = number(requests.await(requests.client().updateItem(write)).attributes());
        if (stored != shards) {
            throw new InvalidInputException("Table " + requests.schema().table() + ": the " + repository + " has "
                    + stored + " shards, not " + shards + ". Set shards=" + stored + ", or another name.");
        }
        return stored;
    }

    private static int number(Map<String, AttributeValue> settings) {
        return Integer.parseInt(Objects.requireNonNull(settings.get(ATTRIBUTE)).n());
    }
}
