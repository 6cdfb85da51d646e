/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.ServiceErrorDetails;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.util.URISupport;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * Reads one key of the table, which need not exist. The check costs half a capacity unit. It is down if the table is
 * missing, the network fails or the read is not allowed. It runs on the caller's thread and waits for the response,
 * at most apiCallTimeout.
 */
final class DynaStoreProducerHealthCheck implements HealthCheck {

    private static final String PROBE = "_ds/health";

    private final DynaStoreEndpoint endpoint;
    private final String id;
    private volatile boolean enabled = true;

    /**
     * The check of a producer.
     *
     * @param taken whether another check has this id: several endpoints may have the same table and operation
     */
    DynaStoreProducerHealthCheck(DynaStoreEndpoint endpoint, Predicate<String> taken) {
        this.endpoint = endpoint;
        this.id = id(endpoint.getConfiguration(), taken);
    }

    private static String id(DynaStoreConfiguration options, Predicate<String> taken) {
        DynaStoreOperation operation = options.getOperation();
        String name =
                "producer:dynastore-" + options.getTableName() + (operation == null ? "" : "-" + operation.text());
        String free = name;
        for (int number = 2; taken.test(free); number++) {
            free = name + "-" + number;
        }
        return free;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        builder.detail(ENDPOINT_URI, URISupport.sanitizeUri(endpoint.getEndpointUri()));
        if (!enabled) {
            return builder.message("Disabled")
                    .detail(CHECK_ENABLED, false)
                    .unknown()
                    .build();
        }
        return probe(builder).build();
    }

    private HealthCheckResultBuilder probe(HealthCheckResultBuilder builder) {
        TableSchema schema = endpoint.store().schema();
        builder.detail("dynastore.table", schema.table());
        builder.detail("dynastore.location", endpoint.location().place());
        try {
            endpoint.client()
                    .getItem(probe(schema))
                    .get(endpoint.getConfiguration().getApiCallTimeout(), TimeUnit.MILLISECONDS);
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
        builder.message("Table " + endpoint.location().table() + " ("
                + endpoint.location().place() + ") can't be read: " + (remedy == null ? cause.getMessage() : remedy));
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
