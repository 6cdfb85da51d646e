/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/** Makes tables. Thread safe. */
record TableMaker(DynamoDbAsyncClient client) {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Makes a table, and waits until it is active. */
    void make(String table, TableSpec spec) {
        create(table, spec);
        awaitActive(table);
        spec.ttlAttribute().ifPresent(attribute -> switchTimeToLiveOn(table, attribute));
    }

    /** Nobody else has a table of this name: if it exists, the response to an earlier attempt was late. */
    private void create(String table, TableSpec spec) {
        try {
            client.createTable(TableRequests.create(table, spec)).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ResourceInUseException)) {
                throw e;
            }
        }
    }

    private void awaitActive(String table) {
        try (DynamoDbAsyncWaiter waiter = DynamoDbAsyncWaiter.builder()
                .client(client)
                .overrideConfiguration(wait ->
                        wait.backoffStrategyV2(BackoffStrategy.fixedDelay(POLL)).maxAttempts(300))
                .build()) {
            waiter.waitUntilTableExists(describe -> describe.tableName(table)).join();
        }
    }

    /** An engine without the operation is used all the same, as by the component when it creates a table. */
    private void switchTimeToLiveOn(String table, String attribute) {
        try {
            client.updateTimeToLive(TableRequests.timeToLive(table, attribute)).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof AwsServiceException error) || !unknownOperation(error)) {
                throw e;
            }
        }
    }

    private static boolean unknownOperation(AwsServiceException error) {
        return error.awsErrorDetails() != null
                && "UnknownOperationException".equals(error.awsErrorDetails().errorCode());
    }
}
