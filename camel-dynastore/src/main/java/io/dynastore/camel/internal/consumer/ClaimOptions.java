/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.OnSuccess;
import io.dynastore.camel.ResumeMode;
import io.dynastore.camel.internal.client.ClaimIndexes;
import io.dynastore.queue.ClaimSettings;
import io.dynastore.queue.RetryDelays;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer claims items. Read from the endpoint's options once, when the consumer starts.
 *
 * @param claimTtl how long a claim lasts unless it is renewed
 * @param clockSkew the largest difference between clocks to allow for
 * @param concurrentClaims the most items in flight
 * @param maxDeliveries how many deliveries an item gets
 * @param retry when a failed item may be claimed again
 * @param index the index in which due items are found; null: the table is queried
 * @param tableInterval how often the table is queried if there is an index; zero: never
 * @param deadPartition the partition key of dead items; null: they stay where they are
 */
public record ClaimOptions(
        Duration claimTtl,
        Duration clockSkew,
        int concurrentClaims,
        int maxDeliveries,
        RetryDelays retry,
        @Nullable ClaimIndex index,
        Duration tableInterval,
        @Nullable Object deadPartition) {

    private static final Duration SHORTEST = Duration.ofSeconds(3);

    /**
     * Reads the options of an endpoint; null if its consumer does not claim.
     *
     * @throws InvalidInputException naming the option and the remedy
     */
    static @Nullable ClaimOptions of(DynaStoreConfiguration options, TableSchema schema) {
        if (!options.isClaim()) {
            reject(options.getDeadPartition() != null, "deadPartition", "set claim=true as well, or leave it out");
            return null;
        }
        rejectOrder(options);
        rejectReads(options);
        rejectNumbers(options);
        rejectDeadPartition(options, schema);
        ClaimIndex index = ClaimIndexes.of(options);
        reject(
                index != null && options.getPartitionKeys() == null,
                "claimIndex",
                "the whole table is consumed, and the index is read by partition: name partitionKeys");
        return new ClaimOptions(
                Duration.ofMillis(options.getClaimTtl()),
                Duration.ofMillis(options.getClockSkew()),
                options.getConcurrentClaims(),
                options.getMaxDeliveries(),
                new RetryDelays(
                        Duration.ofMillis(options.getRetryDelay()),
                        options.getRetryBackoff(),
                        Duration.ofMillis(options.getMaxRetryDelay())),
                index,
                Duration.ofMillis(options.getClaimTableInterval()),
                options.getDeadPartition());
    }

    private static void rejectOrder(DynaStoreConfiguration options) {
        reject(
                options.getOnSuccess() == OnSuccess.NONE,
                "onSuccess=none",
                "each item would be delivered again for ever, set onSuccess=delete");
        reject(
                options.getResume() != ResumeMode.NONE,
                "resume",
                "claimed items have no order and so no position, leave it out");
        reject(options.isReverse(), "reverse", "the oldest item comes first, leave it out");
    }

    private static void rejectReads(DynaStoreConfiguration options) {
        String whole = "a claim takes any item of its partition, leave it out";
        reject(options.getSortKeyPrefix() != null, "sortKeyPrefix", whole);
        reject(options.getSortKeyFrom() != null, "sortKeyFrom", whole);
        reject(options.getSortKeyTo() != null, "sortKeyTo", whole);
        reject(options.getFilter() != null, "filter", whole);
        reject(options.getIndex() != null, "index", "items are claimed in the table, leave it out");
        reject(options.isFetch(), "fetch", "it belongs to an index, leave it out");
        reject(options.isIncludeExpired(), "includeExpired", "an expired item can't be claimed, leave it out");
        reject(options.isConsistentRead(), "consistentRead", "the claim itself is consistent, leave it out");
        reject(options.getConcurrentPartitions() != 1, "concurrentPartitions", "set concurrentClaims");
    }

    private static void rejectNumbers(DynaStoreConfiguration options) {
        Duration ttl = Duration.ofMillis(options.getClaimTtl());
        reject(ttl.compareTo(SHORTEST) < 0, "claimTtl", "set it to 3 seconds or more");
        reject(options.getClockSkew() < 0, "clockSkew", "set it to 0 or more");
        reject(options.getConcurrentClaims() < 1, "concurrentClaims", "set it to 1 or more");
        reject(options.getMaxDeliveries() < 1, "maxDeliveries", "set it to 1 or more");
        reject(options.getRetryDelay() < 0, "retryDelay", "set it to 0 or more");
        reject(options.getClaimTableInterval() < 0, "claimTableInterval", "set it to 0 or more");
        reject(options.getMaxRetryDelay() < 0, "maxRetryDelay", "set it to 0 or more");
        double backoff = options.getRetryBackoff();
        reject(!(backoff >= 1 && Double.isFinite(backoff)), "retryBackoff", "set it to 1 or more");
    }

    private static void rejectDeadPartition(DynaStoreConfiguration options, TableSchema schema) {
        if (options.getDeadPartition() != null) {
            reject(
                    schema.sortKey() == null,
                    "deadPartition",
                    "the table has no sort key to tell dead items apart, leave it out");
            reject(
                    options.getPartitionKeys() == null,
                    "deadPartition",
                    "the whole table is consumed, dead items included: name partitionKeys");
        }
    }

    private static void reject(boolean wrong, String option, String remedy) {
        if (wrong) {
            throw new InvalidInputException(
                    "The option " + option + " can't be used by a consumer in this way: " + remedy + ".");
        }
    }

    /**
     * The settings of claims.
     *
     * @param member the readable name of the consumer
     * @param dead the key of the dead partition; null if there is none
     */
    ClaimSettings settings(String member, TableSchema schema, Partition.@Nullable Keyed dead) {
        return new ClaimSettings(
                member,
                claimTtl,
                clockSkew,
                maxDeliveries,
                retry,
                index,
                dead == null
                        ? null
                        : schema.partitionKey().encode(dead.key().partitionKey(), KeyAttribute.LONGEST_PARTITION_KEY));
    }
}
