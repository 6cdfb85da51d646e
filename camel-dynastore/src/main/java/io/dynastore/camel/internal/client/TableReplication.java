/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Replication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Whether a table is replicated to other regions without strong consistency. In such a table a condition holds in its
 * own region alone, so that two regions could have one lock, partition or item at once. Thread safe.
 *
 * <p>The table is described once for all endpoints of a component. If the role doesn't allow that, the table counts as
 * one that is not replicated. If the service could not be asked, the table may be used, and the service is asked again
 * the next time. Each of both is logged once.
 */
public final class TableReplication {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreEndpoint");

    /** So long, at most, the first lock of a table waits for the description of a service that throttles. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final TableLocation location;
    private final AtomicReference<@Nullable CompletableFuture<Void>> checked = new AtomicReference<>();
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Whether this table is, which is not yet asked. */
    public TableReplication(TableLocation location) {
        this.location = location;
    }

    /**
     * Asks, unless the result is known.
     *
     * @return fails with an {@link InvalidInputException} that names the regions and the remedy, if the table is
     *     replicated so; otherwise completes with null
     */
    public CompletableFuture<Void> check(DynamoDbAsyncClient client) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> known = checked.compareAndExchange(null, mine);
        if (known != null) {
            return known;
        }
        CompletableFuture<Void> unused = described(client).handle((response, error) -> {
            InvalidInputException refused = response == null ? null : refusal(response.table());
            if (refused != null) {
                mine.completeExceptionally(refused);
                return null;
            }
            if (error != null) {
                unknown(mine, Failures.cause(error));
            }
            mine.complete(null);
            return null;
        });
        return mine;
    }

    private void unknown(CompletableFuture<Void> mine, Throwable error) {
        if (!mayPass(error)) {
            LOG.info(
                    "Table {}: it could not be described, so whether it is replicated to other regions is not checked."
                            + " Allow dynamodb:DescribeTable to check it. {}",
                    location,
                    error.getMessage());
            return;
        }
        checked.compareAndSet(mine, null);
        // What uses a table that is missing says so itself.
        if (!(error instanceof ResourceNotFoundException) && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "Table {}: whether it is replicated to other regions is not known, as it could not be described."
                            + " It is used, and asked for again. {}",
                    location,
                    error.getMessage());
        } else {
            LOG.debug("Table {}: it could not be described again", location, error);
        }
    }

    private CompletableFuture<DescribeTableResponse> described(DynamoDbAsyncClient client) {
        try {
            return client.describeTable(request -> request.tableName(location.table())
                    .overrideConfiguration(settings -> settings.apiCallTimeout(LIMIT)));
        } catch (RuntimeException e) {
            // A closed client throws, and so does one that has no such request.
            return CompletableFuture.failedFuture(e);
        }
    }

    private @Nullable InvalidInputException refusal(@Nullable TableDescription table) {
        List<String> regions = table == null ? List.of() : Replication.weak(table);
        if (regions.isEmpty()) {
            return null;
        }
        return new InvalidInputException(
                "Table " + location.table() + ": it is replicated to " + String.join(", ", regions)
                        + " without strong consistency."
                        + " Conditions hold in one region only, so that two regions could have one lock, partition or"
                        + " item at once. Use a table of one region, or one with strong consistency. If all programs"
                        + " that use it are in one region, set allowReplicated=true.",
                null);
    }

    /** Whether the same request could succeed later. */
    private static boolean mayPass(Throwable error) {
        return error instanceof SdkClientException
                || error instanceof ResourceNotFoundException
                || (error instanceof AwsServiceException refused
                        && (refused.statusCode() >= 500 || refused.isThrottlingException()));
    }
}
