/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Counts the requests of a queue, and the capacity that the engine reports for them. Thread safe. */
final class QueueMeter implements ExecutionInterceptor {

    final LongAdder claims = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder queries = new LongAdder();
    final LongAdder examined = new LongAdder();
    final DoubleAdder reads = new DoubleAdder();
    final DoubleAdder tableWrites = new DoubleAdder();
    final DoubleAdder indexWrites = new DoubleAdder();

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        if (request instanceof QueryRequest query) {
            return query.toBuilder()
                    .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                    .build();
        }
        if (request instanceof UpdateItemRequest update) {
            return update.toBuilder()
                    .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                    .build();
        }
        return request instanceof DeleteItemRequest delete
                ? delete.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                        .build()
                : request;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        SdkResponse response = context.response();
        if (response instanceof QueryResponse query) {
            queries.increment();
            examined.add(query.scannedCount());
            reads.add(query.consumedCapacity().capacityUnits());
        } else if (response instanceof UpdateItemResponse update) {
            claims.increment();
            wrote(update.consumedCapacity());
        } else if (response instanceof DeleteItemResponse delete) {
            wrote(delete.consumedCapacity());
        }
    }

    private void wrote(ConsumedCapacity capacity) {
        double table = capacity.table() == null ? 0 : capacity.table().capacityUnits();
        tableWrites.add(table);
        indexWrites.add(capacity.capacityUnits() - table);
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        if (context.exception() instanceof ConditionalCheckFailedException
                || context.exception().getCause() instanceof ConditionalCheckFailedException) {
            refused.increment();
            tableWrites.add(1);
        }
    }
}
