/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.store.internal.item.LaterAttempts;
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
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Counts the requests that the SDK sent again, for the clients that the component makes. Only the SDK knows of
 * retries: a call that was throttled first is a slow success to its caller. Thread safe.
 */
public final class RetryCounter {

    /** The header in which the SDK numbers the attempts of a request. */
    private static final String ATTEMPT = "amz-sdk-request";

    /** Its value at the first attempt begins with this. */
    private static final String FIRST = "attempt=1;";

    private final Map<TableLocation, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();

    /** The number of retries for a table, by the service's name of the request. Requests without retries are absent. */
    public Map<String, Long> of(TableLocation table) {
        Map<String, Long> sums = new TreeMap<>();
        counts.getOrDefault(table, Map.of()).forEach((request, count) -> sums.put(request, count.sum()));
        return sums;
    }

    /** Counts the retries of a table from now on. */
    public void begin(TableLocation table) {
        counts.putIfAbsent(table, new ConcurrentHashMap<>());
    }

    /** Removes the counts of a table. Later retries of it are not counted. */
    public void forget(TableLocation table) {
        counts.remove(table);
    }

    /**
     * The interceptor that counts the retries of a client.
     *
     * @param endpoint the client's endpoint, or empty if it is the region's own
     */
    ExecutionInterceptor counter(String endpoint) {
        return new LaterAttempts() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                Optional<String> attempt = context.httpRequest().firstMatchingHeader(ATTEMPT);
                if (attempt.isPresent() && !attempt.get().startsWith(FIRST)) {
                    count(endpoint, context.request(), attributes);
                }
            }
        };
    }

    private void count(String endpoint, SdkRequest request, ExecutionAttributes attributes) {
        TableLocation table = new TableLocation(
                table(request), String.valueOf(attributes.getAttribute(AwsExecutionAttribute.AWS_REGION)), endpoint);
        Map<String, LongAdder> count = counts.get(table);
        if (count != null) {
            count.computeIfAbsent(
                            attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), name -> new LongAdder())
                    .increment();
        }
    }

    /** The table of a request: each request of the component is about one. */
    private static String table(SdkRequest request) {
        if (request instanceof BatchGetItemRequest batch) {
            return batch.requestItems().keySet().iterator().next();
        }
        if (request instanceof BatchWriteItemRequest batch) {
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
