/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.ServiceErrorDetails;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * Reads one key of a table, which need not exist. It costs half a capacity unit. The result is down if the table is
 * missing, the network fails or the read is not allowed. It runs on the caller's thread and waits for the response.
 *
 * @param timeout the longest wait
 */
record TableProbe(DynamoDbAsyncClient client, TableSchema schema, TableLocation location, Duration timeout) {

    private static final String PROBE = "_ds/health";

    /** Reads the key, and says how it went. */
    HealthCheckResultBuilder into(HealthCheckResultBuilder builder) {
        builder.detail("dynastore.table", schema.table());
        builder.detail("dynastore.location", location.place());
        try {
            client.getItem(probe(schema)).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return builder.up();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return builder.unknown();
        } catch (ExecutionException e) {
            return down(builder, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            return down(builder, e);
        }
    }

    private HealthCheckResultBuilder down(HealthCheckResultBuilder builder, Throwable cause) {
        String remedy = TableErrorLog.remedy(cause);
        builder.message("Table " + location.table() + " (" + location.place() + ") can't be read: "
                + (remedy == null ? cause.getMessage() : remedy));
        if (remedy != null) {
            builder.detail("dynastore.remedy", remedy);
        }
        builder.error(cause);
        return builder.details(ServiceErrorDetails.details(cause)).down();
    }

    private static GetItemRequest probe(TableSchema schema) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(schema.partitionKey().name(), probe(schema.partitionKey()));
        KeyAttribute sortKey = schema.sortKey();
        if (sortKey != null) {
            key.put(sortKey.name(), probe(sortKey));
        }
        return GetItemRequest.builder()
                .tableName(schema.table())
                .key(key)
                .projectionExpression("#key")
                .expressionAttributeNames(Map.of("#key", schema.partitionKey().name()))
                .build();
    }

    private static AttributeValue probe(KeyAttribute attribute) {
        return switch (attribute.type()) {
            case STRING -> AttributeValue.fromS(PROBE);
            case NUMBER -> AttributeValue.fromN("0");
            case BINARY -> AttributeValue.fromB(SdkBytes.fromUtf8String(PROBE));
        };
    }
}
