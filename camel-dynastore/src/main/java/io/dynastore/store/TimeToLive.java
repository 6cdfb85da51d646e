/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * The time to live of a table: the service removes expired items some time after their expiry. A store works without
 * it, since expired items count as absent. So a refused request is a warning and no error.
 *
 * @param client sends the requests
 * @param schema names the table and the attribute
 */
record TimeToLive(DynamoDbAsyncClient client, TableSchema schema) {

    private static final Logger LOG = LoggerFactory.getLogger(TableCreation.class);

    /** In the service's message if another program was faster. */
    private static final String ALREADY = "already enabled";

    /** Switches it on if it is off. Fails only if there is no response. */
    CompletableFuture<Void> ensure() {
        return client.describeTimeToLive(request -> request.tableName(schema.table()))
                .thenCompose(response -> switchOn(response.timeToLiveDescription()))
                .exceptionallyCompose(error -> refused(Failures.cause(error)));
    }

    private CompletableFuture<Void> switchOn(@Nullable TimeToLiveDescription present) {
        TimeToLiveStatus status = present == null ? null : present.timeToLiveStatus();
        if (present == null || (status != TimeToLiveStatus.ENABLED && status != TimeToLiveStatus.ENABLING)) {
            return client.updateTimeToLive(request -> request.tableName(schema.table())
                            .timeToLiveSpecification(
                                    ttl -> ttl.attributeName(schema.expires()).enabled(true)))
                    .thenAccept(done -> LOG.info(
                            "Table {}: time to live is switched on for attribute '{}'",
                            schema.table(),
                            schema.expires()));
        }
        if (!schema.expires().equals(present.attributeName())) {
            LOG.warn(
                    "Table {}: time to live is on for attribute '{}' and not for '{}'. Correct expiresName, or the"
                            + " table: expired items stay in it.",
                    schema.table(),
                    present.attributeName(),
                    schema.expires());
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> refused(Throwable error) {
        if (!(error instanceof DynamoDbException refusal) || refusal.statusCode() >= 500) {
            return CompletableFuture.failedFuture(error);
        }
        if (!String.valueOf(refusal.getMessage()).contains(ALREADY)) {
            LOG.warn(
                    "Table {}: time to live for attribute '{}' can't be looked at or switched on, so expired items may"
                            + " stay in the table: {}",
                    schema.table(),
                    schema.expires(),
                    refusal.getMessage());
        }
        return CompletableFuture.completedFuture(null);
    }
}
