/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.Replication;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.internal.item.AmbiguousFailures;
import io.dynastore.store.internal.item.InvalidRequests;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import io.dynastore.store.internal.item.TimeLimitedClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Sends the requests of locks, and reads the service's time from the responses. Thread safe, never waits.
 *
 * <p>Each request has a time limit of its own. So a connection that hangs costs a part of a lease and not all of it.
 *
 * <p>Decision 12 in docs/decisions has the reasons.
 */
final class LockClient {

    private static final int ATTEMPTS_PER_LEASE = 4;

    /** A lease may be a day long. A connection that hangs must not cost a part of that. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(10);

    private final DynamoDbAsyncClient client;
    private final DynamoDbAsyncClient queries;
    private final TableSchema schema;
    private final PayloadCodec codec;
    private final ServiceClock clock;
    private final LockWrites writes;

    LockClient(DynamoDbAsyncClient client, TableSchema schema, PayloadCodec codec, ServiceClock clock) {
        this.client = client;
        this.queries = TimeLimitedClient.of(client);
        this.schema = schema;
        this.codec = codec;
        this.clock = clock;
        this.writes = new LockWrites(schema);
    }

    TableSchema schema() {
        return schema;
    }

    String tableName() {
        return schema.table();
    }

    /** Fails if the table is replicated so that it can have no locks, or can't be described. */
    CompletableFuture<Void> refuseReplicated() {
        return client.describeTable(request -> request.tableName(schema.table()))
                .thenAccept(response -> {
                    List<String> regions = Replication.weak(response.table());
                    if (!regions.isEmpty()) {
                        throw new InvalidInputException("Table " + schema.table() + ": it is replicated to "
                                + String.join(", ", regions) + " without strong consistency, so that two regions could"
                                + " have one lock at once. Use a table of one region, or one with strong consistency.");
                    }
                });
    }

    ServiceClock clock() {
        return clock;
    }

    /** An attempt that is not sent yet. */
    AcquireAttempt attempt(LockRequest request, String owner) {
        Object data = request.data();
        try {
            return new AcquireAttempt(
                    request.key(),
                    Map.of(),
                    request,
                    owner,
                    data == null ? null : codec.encode(data, PayloadFormat.AUTO),
                    "",
                    clock.now());
        } catch (InvalidInputException e) {
            throw e.at("Table " + tableName() + ", key " + request.key());
        }
    }

    /** The data of a lock; null if it has none. */
    @Nullable
    Object data(Key key, @Nullable AttributeValue stored) {
        try {
            return codec.decode(stored, PayloadFormat.AUTO);
        } catch (DynaStoreException e) {
            throw new DynaStoreException("Table " + tableName() + ", key " + key + ": " + e.getMessage(), e);
        }
    }

    CompletableFuture<WriteResult> acquire(AcquireAttempt attempt, LeaseRules.Grounds grounds) {
        return send(
                attempt,
                writes.acquire(attempt, clock.latest(), grounds),
                attempt.request().ttl());
    }

    CompletableFuture<WriteResult> renew(AcquireAttempt attempt, long until, Duration limit) {
        return send(attempt, writes.renew(attempt, clock.latest(), until), limit);
    }

    CompletableFuture<WriteResult> release(AcquireAttempt attempt, Duration limit) {
        return send(attempt, writes.release(attempt, clock.latest()), limit);
    }

    /** The item as it is now, by a consistent read; empty if there is none. */
    CompletableFuture<Optional<LockItem>> look(AcquireAttempt attempt) {
        GetItemRequest request = GetItemRequest.builder()
                .tableName(tableName())
                .key(attempt.keyAttributes())
                .consistentRead(true)
                .overrideConfiguration(within(attempt, attempt.request().ttl()))
                .build();
        return read(client::getItem, request)
                .thenApply(response ->
                        response.hasItem() ? Optional.of(LockItem.of(schema, response.item())) : Optional.empty());
    }

    CompletableFuture<QueryResponse> query(QueryRequest request) {
        return read(queries::query, request);
    }

    private CompletableFuture<WriteResult> send(
            AcquireAttempt attempt, UpdateItemRequest.Builder request, Duration limit) {
        UpdateItemRequest write =
                request.overrideConfiguration(within(attempt, limit)).build();
        CompletableFuture<UpdateItemResponse> pending;
        try {
            pending = timed(client::updateItem, write);
        } catch (RuntimeException e) {
            // A closed client throws, instead of failing the future. It has sent nothing.
            return CompletableFuture.completedFuture(new WriteResult.Failed(e, false));
        }
        return pending.<WriteResult>thenApply(response -> new WriteResult.Applied(
                        response.hasAttributes() ? LockItem.of(schema, response.attributes()) : null))
                .exceptionallyCompose(error -> refused(attempt, Failures.cause(error)));
    }

    /**
     * If an engine returns no item with a failed condition, the item is read. DynamoDB does so only if there is none.
     */
    private CompletableFuture<WriteResult> refused(AcquireAttempt attempt, Throwable cause) {
        if (!(cause instanceof ConditionalCheckFailedException failed)) {
            return CompletableFuture.completedFuture(
                    new WriteResult.Failed(invalid(attempt, cause), AmbiguousFailures.mayHaveBeenApplied(cause)));
        }
        boolean repeated = AmbiguousFailures.repeated(failed);
        if (failed.hasItem() && !failed.item().isEmpty()) {
            return CompletableFuture.completedFuture(
                    new WriteResult.Refused(LockItem.of(schema, failed.item()), repeated));
        }
        return look(attempt)
                .handle((item, unread) -> unread == null
                        ? new WriteResult.Refused(item.orElse(null), repeated)
                        : new WriteResult.Failed(invalid(attempt, Failures.cause(unread)), repeated));
    }

    /** What the service finds invalid is the caller's error, and named as such. */
    private Throwable invalid(AcquireAttempt attempt, Throwable cause) {
        return InvalidRequests.isOne(cause)
                ? InvalidRequests.error(
                        "Table " + tableName() + ", key " + attempt.key(), InvalidRequests.reason(cause), false, cause)
                : cause;
    }

    private <Q, A extends SdkResponse> CompletableFuture<A> timed(Function<Q, CompletableFuture<A>> call, Q request) {
        long sent = clock.now().nanos();
        return call.apply(request)
                .whenComplete((response, error) ->
                        clock.learn(sent, date(response == null ? failed(error) : response.sdkHttpResponse())));
    }

    private <Q, A extends SdkResponse> CompletableFuture<A> read(Function<Q, CompletableFuture<A>> call, Q request) {
        try {
            return timed(call, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static @Nullable SdkHttpResponse failed(Throwable error) {
        return Failures.cause(error) instanceof AwsServiceException refused && refused.awsErrorDetails() != null
                ? refused.awsErrorDetails().sdkHttpResponse()
                : null;
    }

    private static Optional<String> date(@Nullable SdkHttpResponse response) {
        return response == null ? Optional.empty() : response.firstMatchingHeader("Date");
    }

    private AwsRequestOverrideConfiguration within(AcquireAttempt attempt, Duration limit) {
        ClientOverrideConfiguration own = client.serviceClientConfiguration().overrideConfiguration();
        Duration perAttempt = attempt.request().ttl().dividedBy(ATTEMPTS_PER_LEASE);
        Duration perCall = shorter(own.apiCallTimeout(), shorter(limit, LONGEST_CALL));
        AwsRequestOverrideConfiguration.Builder request = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(perCall)
                .apiCallAttemptTimeout(shorter(own.apiCallAttemptTimeout(), shorter(perAttempt, LONGEST_ATTEMPT)));
        RetryWithinTimeout.plugin(client.serviceClientConfiguration(), perCall).ifPresent(request::addPlugin);
        return request.build();
    }

    private static Duration shorter(Optional<Duration> given, Duration limit) {
        return given.map(own -> shorter(own, limit)).orElse(limit);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
