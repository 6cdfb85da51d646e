/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.OnSuccess;
import io.dynastore.camel.ResumeMode;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Segment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer reads, saves its positions and acknowledges. Read from the endpoint's options once, when the consumer
 * starts.
 *
 * @param partitionKeys keys, or a supplier of keys; null for the whole table or index
 * @param segments the number of parts of a whole table or index
 * @param concurrentPartitions the number of partitions that are consumed at a time
 * @param pageSize the largest number of items of a page; null for what DynamoDB returns at once
 * @param consistentRead whether each read has to be consistent
 * @param includeExpired whether expired items are consumed
 * @param selects whether items are read with a selection of their fields
 * @param fetch whether whole items are fetched behind an index
 * @param resume where a cycle begins
 * @param resumeId the name of the positions; null if none is set and the consumer has no route
 * @param stateTable the table of the positions; null for the consumed table
 * @param stateTableTimeout how long the creation of the state table may take; null if it is not to be created
 * @param onSuccess how an item is acknowledged
 */
public record ConsumerOptions(
        @Nullable Object partitionKeys,
        int segments,
        int concurrentPartitions,
        @Nullable Integer pageSize,
        boolean consistentRead,
        boolean includeExpired,
        boolean selects,
        boolean fetch,
        ResumeMode resume,
        @Nullable String resumeId,
        @Nullable String stateTable,
        @Nullable Duration stateTableTimeout,
        OnSuccess onSuccess) {

    private static final String UNORDERED = "a whole table has no order, name partitionKeys";

    /** Throws an {@link InvalidInputException} that names the option and the remedy. */
    public ConsumerOptions {
        reject(pageSize != null && pageSize < 1, "pageSize", "set it to 1 or more");
        reject(concurrentPartitions < 1, "concurrentPartitions", "set it to 1 or more");
        reject(partitionKeys == null && resume != ResumeMode.NONE, "resume", UNORDERED);
        checkSegments(partitionKeys != null, segments);
        if (resume == ResumeMode.TABLE && (resumeId == null || resumeId.isBlank())) {
            throw new InvalidInputException("The option resume=table needs a name for its positions: set resumeId.");
        }
    }

    /**
     * Reads the options of an endpoint.
     *
     * @param routeId the name of the positions if no resumeId is set; null if the consumer has no route
     * @throws InvalidInputException naming the option and the remedy, also for an option that a consumer can't apply
     */
    static ConsumerOptions of(DynaStoreConfiguration options, @Nullable String routeId) {
        rejectProducerOptions(options);
        if (options.getPartitionKeys() == null) {
            rejectOrder(options);
        }
        return new ConsumerOptions(
                options.getPartitionKeys(),
                options.getSegments(),
                options.getConcurrentPartitions(),
                options.getPageSize(),
                options.isConsistentRead(),
                options.isIncludeExpired(),
                !options.getFields().trim().equals("all"),
                options.isFetch(),
                options.getResume(),
                resumeId(options, routeId),
                options.getStateTable(),
                options.isAutoCreateTable() ? Duration.ofMillis(options.getAutoCreateTimeout()) : null,
                options.getOnSuccess());
    }

    private static @Nullable String resumeId(DynaStoreConfiguration options, @Nullable String routeId) {
        if (options.getGroup() != null) {
            return options.getGroup();
        }
        return options.getResumeId() == null ? routeId : options.getResumeId();
    }

    private static void rejectProducerOptions(DynaStoreConfiguration options) {
        reject(options.getLimit() != null, "limit", "set pageSize, or maxMessagesPerPoll");
        reject(options.getNextToken() != null, "nextToken", "set resume");
        reject(options.isStream(), "stream", "a consumer always reads page by page, leave it out");
        reject(options.getOperation() != null, "operation", "leave it out");
        reject(options.getPartitionKey() != null, "partitionKey", "set partitionKeys");
        reject(options.getSortKey() != null, "sortKey", "set sortKeyFrom and sortKeyTo");
    }

    private static void rejectOrder(DynaStoreConfiguration options) {
        reject(options.isReverse(), "reverse", UNORDERED);
        reject(options.getSortKeyPrefix() != null, "sortKeyPrefix", UNORDERED);
        reject(options.getSortKeyFrom() != null, "sortKeyFrom", UNORDERED);
        reject(options.getSortKeyTo() != null, "sortKeyTo", UNORDERED);
    }

    private static void checkSegments(boolean named, int segments) {
        if (named && segments != 1) {
            throw new InvalidInputException(
                    "The options partitionKeys and segments are both set: segments divide a whole table, remove one of"
                            + " the two.");
        }
        if (segments < 1 || segments > Segment.MOST) {
            throw new InvalidInputException(
                    "The option segments is " + segments + ": set it to 1 or more, at most " + Segment.MOST + ".");
        }
    }

    private static void reject(boolean wrong, String option, String remedy) {
        if (wrong) {
            throw new InvalidInputException(
                    "The option " + option + " can't be used by a consumer in this way: " + remedy + ".");
        }
    }

    /** Whether later items of a partition wait behind one that failed. */
    boolean ordered() {
        return resume != ResumeMode.NONE;
    }

    /** Whether an acknowledged item is deleted. */
    boolean deletes() {
        return onSuccess == OnSuccess.DELETE;
    }
}
