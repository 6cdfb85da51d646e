/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.awscore.AwsExecutionAttribute;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Counts the requests that the SDK has sent again, of the clients that the component makes. Only the SDK knows of them: a call that was
 * throttled and then carried out is a success that took long. Thread safe.
 */
public final class RetryCounter {

    /** What the SDK writes into this header of a request that it sends for the first time. */
    private static final String ATTEMPT = "amz-sdk-request";

    private static final String FIRST = "attempt=1;";

    private final Map<TableLocation, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();

    /** How often requests about a table were sent again, by the service's name of the request; without those that never were. */
    public Map<String, Long> of(TableLocation table) {
        Map<String, Long> sums = new TreeMap<>();
        counts.getOrDefault(table, Map.of()).forEach((request, count) -> sums.put(request, count.sum()));
        return sums;
    }

    public void forget(TableLocation table) {
        counts.remove(table);
    }

    /**
     * Counts for a client.
     *
     * @param endpoint the client's, where it is not the region's own, else empty
     */
    ExecutionInterceptor counter(String endpoint) {
        return new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                Optional<String> attempt = context.httpRequest().firstMatchingHeader(ATTEMPT);
                if (attempt.isPresent() && !attempt.get().startsWith(FIRST)) {
                    repeated(endpoint, context.request(), attributes);
                }
            }
        };
    }

    private void repeated(String endpoint, SdkRequest request, ExecutionAttributes attributes) {
        TableLocation table = new TableLocation(
                table(request), String.valueOf(attributes.getAttribute(AwsExecutionAttribute.AWS_REGION)), endpoint);
        counts.computeIfAbsent(table, where -> new ConcurrentHashMap<>())
                .computeIfAbsent(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), name -> new LongAdder())
                .increment();
    }

    /** Each request of ours is about one table. */
    private static String table(SdkRequest request) {
        if (request instanceof BatchGetItemRequest batch) {
            return batch.requestItems().keySet().iterator().next();
        }
        if (request instanceof TransactWriteItemsRequest transaction) {
            return table(transaction.transactItems().get(0));
        }
        return request.getValueForField("TableName", String.class).orElse("");
    }

    private static String table(TransactWriteItem write) {
        if (write.put() != null) {
            return write.put().tableName();
        } else if (write.update() != null) {
            return write.update().tableName();
        } else if (write.delete() != null) {
            return write.delete().tableName();
        }
        return write.conditionCheck().tableName();
    }
}
