/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The global index by which consumers of a work queue find the items that are due. Immutable.
 *
 * <p>Its partition key is {@link QueueAttributes#SHARD}, its sort key {@link QueueAttributes#FROM}. An item is in the
 * index only if it has both. So dead items and those of ordinary partitions are not. The entries of one partition are
 * spread over some shards, since DynamoDB takes about 1,000 writes a second under one key of an index.
 *
 * @param name the index's name
 * @param shards the number of shards of each partition, 1 to 64
 */
public record ClaimIndex(String name, int shards) {

    /** The most shards of a partition. A query of the table names them all. */
    public static final int MOST_SHARDS = 64;

    /** Throws an {@link InvalidInputException} that names the option and the remedy. */
    public ClaimIndex {
        if (name.isBlank()) {
            throw new InvalidInputException("The option claimIndex is empty: name a global index, or leave it out.");
        }
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new InvalidInputException(
                    "The option claimShards is " + shards + ": set it to 1 or more, at most " + MOST_SHARDS + ".");
        }
    }

    /**
     * The value of {@link QueueAttributes#SHARD} of an item. It depends on the key alone, so that a change of the item
     * moves no entry to another shard.
     *
     * @param key the encoded key, with a sort key
     * @throws InvalidInputException if the partition key is too long for an entry
     */
    public AttributeValue shard(TableSchema schema, Map<String, AttributeValue> key) {
        AttributeValue sortKey = part(key, Objects.requireNonNull(schema.sortKey()));
        int hash = text(sortKey).hashCode() * 0x9E3779B9;
        return shard(part(key, schema.partitionKey()), Integer.remainderUnsigned(hash >>> 8, shards));
    }

    private static AttributeValue part(Map<String, AttributeValue> key, KeyAttribute attribute) {
        return Objects.requireNonNull(key.get(attribute.name()));
    }

    /** The values of {@link QueueAttributes#SHARD} of a partition: one for each shard. */
    public List<AttributeValue> shards(AttributeValue partition) {
        return IntStream.range(0, shards)
                .mapToObj(number -> shard(partition, number))
                .toList();
    }

    private static AttributeValue shard(AttributeValue partition, int number) {
        String value = number + "/" + text(partition);
        if (value.length() > KeyAttribute.LONGEST_PARTITION_KEY / 3
                && value.getBytes(StandardCharsets.UTF_8).length > KeyAttribute.LONGEST_PARTITION_KEY) {
            throw new InvalidInputException(
                    "The partition key is too long for an entry in the claim index: shorten it by a few bytes (binary"
                            + " keys by a quarter), or leave claimIndex out.");
        }
        return AttributeValue.fromS(value);
    }

    /** Equal keys have equal texts. */
    private static String text(AttributeValue key) {
        if (key.s() != null) {
            return key.s();
        }
        return key.n() != null
                ? new BigDecimal(key.n()).stripTrailingZeros().toString()
                : Base64.getUrlEncoder().withoutPadding().encodeToString(key.b().asByteArrayUnsafe());
    }

    /** The attributes that the index must hold of each item, beside its keys and those of the table. */
    public List<String> projected(TableSchema schema) {
        return Arrays.asList(schema.version(), schema.expires(), QueueAttributes.DEAD);
    }
}
