/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Counts the requests of a client by their operation, and the read and write units that the engine charges for them.
 * Thread safe.
 *
 * <p>DynamoDB Local reports nothing for a write whose condition did not hold. The service charges for it as if it had
 * been applied, at least one unit, and so does this.
 *
 * <p>DynamoDB Local reports the same units for every transaction: 2.6.1 always four, 3.3.1 always two. The service charges
 * two for each write of up to 1 KB, and so does this: its transactions must not have larger ones.
 */
public final class CapacityMeter implements ExecutionInterceptor {

    private static final int UNITS_OF_A_TRANSACTED_WRITE = 2;

    private final Map<String, Integer> requests = new LinkedHashMap<>();
    private double read;
    private double written;

    /**
     * What was counted.
     *
     * @param requests the operations in the order of their first request, with their number if there are several
     * @param read read units
     * @param written write units
     */
    public record Cost(String requests, double read, double written) {}

    /** Begins again. */
    public synchronized void clear() {
        requests.clear();
        read = 0;
        written = 0;
    }

    public synchronized Cost cost() {
        List<String> operations = new ArrayList<>();
        requests.forEach((operation, times) -> operations.add(times == 1 ? operation : times + " " + operation));
        return new Cost(operations.isEmpty() ? "none" : String.join(", ", operations), read, written);
    }

    /** A number without a fraction of zero. */
    public static String shown(double units) {
        return units == Math.rint(units) ? Long.toString((long) units) : Double.toString(units);
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        count(attributes);
        SdkRequest request = context.request();
        ReturnConsumedCapacity total = ReturnConsumedCapacity.TOTAL;
        if (request instanceof GetItemRequest get) {
            return get.toBuilder().returnConsumedCapacity(total).build();
        }
        if (request instanceof QueryRequest query) {
            return query.toBuilder().returnConsumedCapacity(total).build();
        }
        if (request instanceof UpdateItemRequest update) {
            return update.toBuilder().returnConsumedCapacity(total).build();
        }
        if (request instanceof PutItemRequest put) {
            return put.toBuilder().returnConsumedCapacity(total).build();
        }
        if (request instanceof DeleteItemRequest delete) {
            return delete.toBuilder().returnConsumedCapacity(total).build();
        }
        return request;
    }

    private synchronized void count(ExecutionAttributes attributes) {
        requests.merge(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), 1, Integer::sum);
    }

    @Override
    public synchronized void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        SdkResponse response = context.response();
        if (response instanceof GetItemResponse get) {
            read += units(get.consumedCapacity());
        } else if (response instanceof QueryResponse query) {
            read += units(query.consumedCapacity());
        } else if (response instanceof UpdateItemResponse update) {
            written += units(update.consumedCapacity());
        } else if (response instanceof PutItemResponse put) {
            written += units(put.consumedCapacity());
        } else if (response instanceof DeleteItemResponse delete) {
            written += units(delete.consumedCapacity());
        } else if (context.request() instanceof TransactWriteItemsRequest all) {
            written += UNITS_OF_A_TRANSACTED_WRITE * all.transactItems().size();
        }
    }

    private static double units(ConsumedCapacity capacity) {
        return capacity.capacityUnits();
    }

    @Override
    public synchronized void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        if (context.exception() instanceof ConditionalCheckFailedException) {
            written++;
        }
    }
}
