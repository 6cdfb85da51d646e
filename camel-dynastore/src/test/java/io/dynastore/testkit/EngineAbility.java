/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What DynamoDB can do and some compatible engines can't. Each engine is asked once. */
public enum EngineAbility {
    /** Transactions. */
    TRANSACT_WRITE_ITEMS(client -> client.transactWriteItems(request -> {})),
    /** A time to live that is switched on. */
    UPDATE_TIME_TO_LIVE(client -> client.updateTimeToLive(request -> request.tableName("no-such-table")
            .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("expires"))));

    private static final Map<EngineAbility, Boolean> KNOWN = new ConcurrentHashMap<>();

    private final Function<DynamoDbAsyncClient, CompletableFuture<?>> question;

    EngineAbility(Function<DynamoDbAsyncClient, CompletableFuture<?>> question) {
        this.question = question;
    }

    /** Whether the engine behind the client has the operation: any response but "unknown operation" says so. */
    boolean of(DynamoDbAsyncClient client) {
        return KNOWN.computeIfAbsent(this, ability -> ability.ask(client));
    }

    private boolean ask(DynamoDbAsyncClient client) {
        try {
            question.apply(client).join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof DynamoDbException error && error.awsErrorDetails() != null) {
                return !"UnknownOperationException".equals(error.awsErrorDetails().errorCode());
            }
            throw e;
        }
    }
}
