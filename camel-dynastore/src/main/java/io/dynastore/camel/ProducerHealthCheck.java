/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * Asks the table for one key that need not exist: half a capacity unit, and an error if the table, the network or the access
 * is missing. It runs on the thread of whoever asks for the health, and waits for the answer.
 */
final class ProducerHealthCheck extends AbstractHealthCheck {

    private static final String PROBE = "_ds/health";

    private final DynaStoreEndpoint endpoint;

    ProducerHealthCheck(DynaStoreEndpoint endpoint) {
        super("camel", "producer:dynastore-" + endpoint.getId());
        this.endpoint = endpoint;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        TableSchema schema = endpoint.store().schema();
        builder.detail("dynastore.table", schema.table());
        builder.detail("dynastore.location", endpoint.location().place());
        try {
            endpoint.client()
                    .getItem(probe(schema))
                    .get(endpoint.getConfiguration().getApiCallTimeout(), TimeUnit.MILLISECONDS);
            builder.up();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.unknown();
        } catch (ExecutionException e) {
            down(builder, e.getCause() == null ? e : e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            down(builder, e);
        }
    }

    private void down(HealthCheckResultBuilder builder, Throwable cause) {
        builder.message("Table " + endpoint.store().schema().table() + " can't be read: " + cause.getMessage());
        builder.error(cause);
        if (cause instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            builder.detail("service.status.code", refused.statusCode());
            builder.detail("service.error.code", refused.awsErrorDetails().errorCode());
        }
        builder.down();
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
