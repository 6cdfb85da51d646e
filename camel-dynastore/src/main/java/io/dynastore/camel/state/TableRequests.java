/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.TableConnection;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The client of a repository, and the time limits of its requests. A request and all its repetitions end within the
 * limit, and a connection that hangs costs a part of it. Thread safe.
 */
final class TableRequests {

    /** The longest time of any request. The first one of a process has it, as it takes longer than others. */
    static final Duration LONGEST = Duration.ofSeconds(20);

    private static final int PER_LEASE = 3;
    private static final int ATTEMPTS = 4;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final TableConnection table;
    private final Duration limit;
    private final TableErrorLog errors;
    private final AwsRequestOverrideConfiguration limits;

    /**
     * Requests to a table.
     *
     * @param limit the longest time of a request with its repetitions
     */
    TableRequests(TableConnection table, Duration limit) {
        this.table = table;
        this.limit = limit;
        this.errors = TableErrorLog.of(table.schema().table(), table.client());
        this.limits = limits(table.client().serviceClientConfiguration(), limit);
    }

    /** The longest time of a request where leases have this length: several fit into a lease. */
    static Duration within(Duration lease) {
        Duration part = lease.dividedBy(PER_LEASE);
        return part.compareTo(LONGEST) < 0 ? part : LONGEST;
    }

    DynamoDbAsyncClient client() {
        return table.client();
    }

    TableSchema schema() {
        return table.schema();
    }

    /**
     * The time limits of a request. A shorter limit of the client stays. The client's retries end before the limit, so
     * that a request that was throttled each time fails for that, and not for its time.
     */
    AwsRequestOverrideConfiguration limits() {
        return limits;
    }

    private static AwsRequestOverrideConfiguration limits(SdkServiceClientConfiguration client, Duration limit) {
        ClientOverrideConfiguration own = client.overrideConfiguration();
        Duration whole = shorter(own.apiCallTimeout(), limit);
        AwsRequestOverrideConfiguration.Builder limits = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(whole)
                .apiCallAttemptTimeout(shorter(own.apiCallAttemptTimeout(), limit.dividedBy(ATTEMPTS)));
        RetryWithinTimeout.plugin(client, whole).ifPresent(limits::addPlugin);
        return limits.build();
    }

    private static Duration shorter(Optional<Duration> own, Duration limit) {
        return own.filter(given -> given.compareTo(limit) < 0).orElse(limit);
    }

    /** The item by a consistent read; empty if there is none. */
    Map<String, AttributeValue> read(Key key) {
        GetItemRequest request = GetItemRequest.builder()
                .tableName(schema().table())
                .key(schema().encode(key))
                .consistentRead(true)
                .overrideConfiguration(limits())
                .build();
        return sent(() -> client().getItem(request)).item();
    }

    /** Whether the condition held. */
    boolean update(UpdateItemRequest.Builder write) {
        return update(write, () -> {});
    }

    /** Whether the condition held. If there is no such response, the second argument runs, and the error is thrown. */
    boolean update(UpdateItemRequest.Builder write, Runnable withoutResponse) {
        UpdateItemRequest request = write.overrideConfiguration(limits()).build();
        try {
            sent(() -> client().updateItem(request));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        } catch (RuntimeException e) {
            withoutResponse.run();
            throw e;
        }
    }

    /** The item that was deleted, empty if there was none; null if the condition did not hold. */
    @Nullable
    Map<String, AttributeValue> delete(DeleteItemRequest.Builder write) {
        DeleteItemRequest request = write.overrideConfiguration(limits()).build();
        try {
            return sent(() -> client().deleteItem(request)).attributes();
        } catch (ConditionalCheckFailedException e) {
            return null;
        }
    }

    /** Waits for the response to a request that has these {@link #limits}. Its error is reported once. */
    <T> T sent(Supplier<CompletableFuture<T>> request) {
        try {
            T response = await(request.get());
            errors.clear();
            return response;
        } catch (ConditionalCheckFailedException e) {
            errors.clear();
            throw e;
        } catch (RuntimeException e) {
            errors.report(e);
            throw e;
        }
    }

    /** Waits for the response to a request that has these {@link #limits}. */
    <T> T await(CompletableFuture<T> response) {
        return await(response, limit.plus(GRACE));
    }

    /**
     * Waits for a response.
     *
     * @throws RuntimeException the error of the SDK or the store, or a {@link RuntimeCamelException} if the time is up
     *     or this thread is interrupted
     */
    static <T> T await(CompletableFuture<T> response, Duration patience) {
        try {
            return response.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Failures.cause(e.getCause() == null ? e : e.getCause());
            throw cause instanceof RuntimeException error ? error : new DynaStoreException(cause.toString(), cause);
        } catch (TimeoutException e) {
            throw new RuntimeCamelException("No response within " + patience.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeCamelException("Interrupted while it waited for a response", e);
        }
    }
}
