/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.LeanClients;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** What the store talks to: both keep the same contract, but tell different amounts of a failed condition. */
public enum Service {
    /** Returns the old item with a failed condition, as DynamoDB does. */
    COMPLETE {
        @Override
        public DynamoDbAsyncClient client(DynamoDbExtension dynamo) {
            return dynamo.client();
        }
    },
    /** The same over the client that makes first attempts without the SDK. */
    LEAN {
        @Override
        public DynamoDbAsyncClient client(DynamoDbExtension dynamo) {
            return LeanClients.LEAN.client(dynamo.clientBuilder(), NettyNioAsyncHttpClient.builder(), override -> {});
        }
    },
    /** Never returns the old item, as some compatible engines: the store has to read it. */
    WITHOUT_OLD_ITEMS {
        @Override
        public DynamoDbAsyncClient client(DynamoDbExtension dynamo) {
            return dynamo.clientBuilder()
                    .overrideConfiguration(override -> override.addExecutionInterceptor(new OldItemsWithheld()))
                    .build();
        }
    };

    public abstract DynamoDbAsyncClient client(DynamoDbExtension dynamo);

    private static final class OldItemsWithheld implements ExecutionInterceptor {

        private static final ReturnValuesOnConditionCheckFailure NONE = ReturnValuesOnConditionCheckFailure.NONE;

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            SdkRequest request = context.request();
            if (request instanceof PutItemRequest put) {
                return put.toBuilder().returnValuesOnConditionCheckFailure(NONE).build();
            }
            if (request instanceof UpdateItemRequest update) {
                return update.toBuilder()
                        .returnValuesOnConditionCheckFailure(NONE)
                        .build();
            }
            if (request instanceof DeleteItemRequest delete) {
                return delete.toBuilder()
                        .returnValuesOnConditionCheckFailure(NONE)
                        .build();
            }
            if (request instanceof TransactWriteItemsRequest all) {
                return all.toBuilder()
                        .transactItems(all.transactItems().stream()
                                .map(OldItemsWithheld::withheld)
                                .toList())
                        .build();
            }
            return request;
        }

        private static TransactWriteItem withheld(TransactWriteItem item) {
            TransactWriteItem.Builder builder = item.toBuilder();
            if (item.put() != null) {
                builder.put(item.put().toBuilder()
                        .returnValuesOnConditionCheckFailure(NONE)
                        .build());
            }
            if (item.update() != null) {
                builder.update(item.update().toBuilder()
                        .returnValuesOnConditionCheckFailure(NONE)
                        .build());
            }
            if (item.delete() != null) {
                builder.delete(item.delete().toBuilder()
                        .returnValuesOnConditionCheckFailure(NONE)
                        .build());
            }
            if (item.conditionCheck() != null) {
                builder.conditionCheck(item.conditionCheck().toBuilder()
                        .returnValuesOnConditionCheckFailure(NONE)
                        .build());
            }
            return builder.build();
        }
    }
}
