/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** A client that changes the requests of locks, so that they have the known faults of other libraries. */
enum TamperedClient
        implements BiFunction<DynamoDbAsyncClient, UpdateItemRequest, CompletableFuture<UpdateItemResponse>> {
    /** Changes nothing. */
    HONEST {
        @Override
        public CompletableFuture<UpdateItemResponse> apply(DynamoDbAsyncClient client, UpdateItemRequest request) {
            return client.updateItem(request);
        }
    },
    /** The release deletes the item, and so the last version. */
    RELEASE_DELETES {
        @Override
        public CompletableFuture<UpdateItemResponse> apply(DynamoDbAsyncClient client, UpdateItemRequest request) {
            return releases(request)
                    ? client.deleteItem(delete -> delete.tableName(request.tableName())
                                    .key(request.key())
                                    .conditionExpression(request.conditionExpression())
                                    .expressionAttributeNames(only(request, LockExpressions.MINE))
                                    .expressionAttributeValues(Map.of(
                                            ":me",
                                            request.expressionAttributeValues().get(":me"))))
                            .thenApply(deleted -> UpdateItemResponse.builder().build())
                    : client.updateItem(request);
        }
    },
    /** The release deletes the item, and versions start again at zero: dynalock. */
    TOKENS_RESTART {
        @Override
        public CompletableFuture<UpdateItemResponse> apply(DynamoDbAsyncClient client, UpdateItemRequest request) {
            Map<String, AttributeValue> values = new HashMap<>(request.expressionAttributeValues());
            values.computeIfPresent(":floor", (name, floor) -> AttributeValue.fromN("0"));
            return RELEASE_DELETES.apply(
                    client,
                    request.toBuilder().expressionAttributeValues(values).build());
        }
    },
    /** A release frees the lock, whatever holder it has. */
    RELEASE_ASKS_NOTHING {
        @Override
        public CompletableFuture<UpdateItemResponse> apply(DynamoDbAsyncClient client, UpdateItemRequest request) {
            return client.updateItem(
                    releases(request)
                            ? request.toBuilder().conditionExpression(null).build()
                            : request);
        }
    },
    /** A renewal sets the end that it was built with, however late it arrives. */
    RENEWAL_GOES_BACK {
        @Override
        public CompletableFuture<UpdateItemResponse> apply(DynamoDbAsyncClient client, UpdateItemRequest request) {
            return client.updateItem(
                    LockExpressions.MINE_AND_NOT_BACK.equals(request.conditionExpression())
                            ? request.toBuilder()
                                    .conditionExpression(LockExpressions.MINE)
                                    .build()
                            : request);
        }
    },
    /** An acquire takes a lock that is held. */
    ACQUIRE_ASKS_NOTHING {
        @Override
        public CompletableFuture<UpdateItemResponse> apply(DynamoDbAsyncClient client, UpdateItemRequest request) {
            if (!request.expressionAttributeValues().containsKey(":floor")) {
                return client.updateItem(request);
            }
            Map<String, AttributeValue> values = new HashMap<>(request.expressionAttributeValues());
            values.remove(":freeBefore");
            values.remove(":seen");
            return client.updateItem(request.toBuilder()
                    .conditionExpression(null)
                    .expressionAttributeNames(only(request, request.updateExpression()))
                    .expressionAttributeValues(values)
                    .build());
        }
    };

    DynamoDbAsyncClient over(DynamoDbAsyncClient client) {
        return (DynamoDbAsyncClient) Proxy.newProxyInstance(
                TamperedClient.class.getClassLoader(),
                new Class<?>[] {DynamoDbAsyncClient.class},
                (proxy, method, arguments) ->
                        method.getName().equals("updateItem") && arguments[0] instanceof UpdateItemRequest request
                                ? apply(client, request)
                                : invoke(client, method, arguments));
    }

    private static @Nullable Object invoke(DynamoDbAsyncClient client, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static boolean releases(UpdateItemRequest request) {
        return LockExpressions.RELEASE.equals(request.updateExpression());
    }

    private static Map<String, String> only(UpdateItemRequest request, String expression) {
        Map<String, String> names = new HashMap<>(request.expressionAttributeNames());
        names.keySet().removeIf(name -> !(expression + " ").matches(".*" + name + "\\b.*"));
        return names;
    }
}
