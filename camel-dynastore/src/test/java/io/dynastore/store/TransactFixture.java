/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** A table of its own, a store on it whose clock is turned by hand, and transactions on that. */
final class TransactFixture {

    final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    final DynaStore store;
    final String name;
    private final DynamoDbExtension dynamo;

    TransactFixture(DynamoDbExtension dynamo, DynamoDbAsyncClient client) {
        this.dynamo = dynamo;
        this.name = dynamo.table("transact", TableSpec.partitionKey("id", S).sortKey("name", S).stream());
        this.store = store(client, name);
    }

    /** Another store on the same table, which waits for nothing. */
    DynaStore store(DynamoDbAsyncClient client, String table) {
        return DynaStore.builder(client, TableSchema.named(table))
                .clock(clock)
                .pause(time -> CompletableFuture.completedFuture(null))
                .build();
    }

    /** A client that keeps old items from the store, as an engine that does not return them. */
    static DynamoDbAsyncClient withoutOldItems(DynamoDbExtension dynamo) {
        return dynamo.clientBuilder()
                .overrideConfiguration(override -> override.addExecutionInterceptor(new OldItemsWithheld()))
                .build();
    }

    /** A client over this transport that makes so many attempts. */
    static DynamoDbAsyncClient over(DynamoDbExtension dynamo, SdkAsyncHttpClient http, int attempts) {
        return dynamo.clientBuilder()
                .httpClient(http)
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(attempts)
                        .backoffStrategy(
                                software.amazon.awssdk.retries.api.BackoffStrategy.fixedDelay(Duration.ofMillis(1)))))
                .build();
    }

    <R extends Outcome> R run(Call.Builder<R> call) {
        return run(store, call);
    }

    static <R extends Outcome> R run(DynaStore store, Call.Builder<R> call) {
        try {
            return store.execute(call.build()).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    List<@Nullable Long> transact(Write... writes) {
        return run(transaction(writes)).versions();
    }

    static TransactCall.Builder transaction(Write... writes) {
        return Call.transact(List.of(writes));
    }

    static Key key(String sortKey) {
        return Key.of("p", sortKey);
    }

    /** An item that another program wrote. */
    void given(String sortKey, long version, String payload) {
        given(sortKey, Map.of("version", number(version), "payload", AttributeValue.fromS(payload)));
    }

    /** An item that expired one second ago, with a field. */
    void givenExpired(String sortKey, long version) {
        given(
                sortKey,
                Map.of(
                        "version", number(version),
                        "payload", AttributeValue.fromS("old"),
                        "expires", number(clock.instant().getEpochSecond() - 1),
                        "field", AttributeValue.fromS("old")));
    }

    private void given(String sortKey, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.putAll(id(sortKey));
        dynamo.rawPut(name, item);
    }

    Map<String, AttributeValue> raw(String sortKey) {
        return dynamo.rawGet(name, id(sortKey));
    }

    /** "payload at version", or "none". */
    String stored(String sortKey) {
        Map<String, AttributeValue> item = raw(sortKey);
        return item.isEmpty()
                ? "none"
                : Objects.requireNonNull(item.get("payload")).s() + " at "
                        + Objects.requireNonNull(item.get("version")).n();
    }

    List<Map<String, AttributeValue>> all() {
        return dynamo.rawScan(name);
    }

    private static Map<String, AttributeValue> id(String sortKey) {
        return Map.of("id", AttributeValue.fromS("p"), "name", AttributeValue.fromS(sortKey));
    }

    static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    private static final class OldItemsWithheld implements ExecutionInterceptor {

        private static final ReturnValuesOnConditionCheckFailure NONE = ReturnValuesOnConditionCheckFailure.NONE;

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof TransactWriteItemsRequest request
                    ? request.toBuilder()
                            .transactItems(request.transactItems().stream()
                                    .map(OldItemsWithheld::silent)
                                    .toList())
                            .build()
                    : context.request();
        }

        private static TransactWriteItem silent(TransactWriteItem item) {
            TransactWriteItem.Builder silent = item.toBuilder();
            if (item.put() != null) {
                silent.put(item.put().copy(put -> put.returnValuesOnConditionCheckFailure(NONE)));
            }
            if (item.update() != null) {
                silent.update(item.update().copy(update -> update.returnValuesOnConditionCheckFailure(NONE)));
            }
            if (item.delete() != null) {
                silent.delete(item.delete().copy(delete -> delete.returnValuesOnConditionCheckFailure(NONE)));
            }
            if (item.conditionCheck() != null) {
                silent.conditionCheck(
                        item.conditionCheck().copy(check -> check.returnValuesOnConditionCheckFailure(NONE)));
            }
            return silent.build();
        }
    }
}
